"""Looks that go out: whether AWS can be reached, what its clock says, who one is, which tools are here."""
