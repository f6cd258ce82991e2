"""A roll call for your AWS profiles: what is live, expiring or broken, and why."""

__version__ = "0.1.0"
