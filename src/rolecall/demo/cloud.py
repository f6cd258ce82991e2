"""The made-up AWS as a whole: which service answers what."""

import re
from collections.abc import Callable
from datetime import datetime

from rolecall.aws.profiles import Profiles
from rolecall.demo import caches, callers, sso, sts
from rolecall.demo.device_flow import Devices
from rolecall.demo.exchange import Denied, Request, Response, in_json

_Serve = Callable[[Request], Response]
_WORD = re.compile(r"(?<!^)(?=[A-Z])")


class Cloud:
    """STS, ``sso`` and ``sso-oidc`` behind one address; instance metadata and all else is not there.

    Args:
        profiles: of the home as it was built.
        built: when that was, aware.
        address: where it is reached: ``http://127.0.0.1:PORT``.
        clock: gives the present moment, aware.
    """

    def __init__(
        self, profiles: Profiles, built: datetime, address: str, clock: Callable[[], datetime]
    ) -> None:
        known = callers.Callers(caches.known_callers(profiles, built), clock)
        devices = Devices(address, clock)
        center = sso.IdentityCenter(sso.of_the_home(profiles, built), known, devices, clock)
        self._services: dict[tuple[str, str], _Serve] = {
            ("POST", "/"): sts.TokenService(known, clock).answer,
            ("POST", "/client/register"): _oidc(center.register),
            ("POST", "/device_authorization"): _oidc(center.authorize_device),
            ("POST", "/token"): _oidc(center.token),
            ("GET", "/device"): devices.page,
            ("POST", "/device"): devices.page,
            ("GET", "/federation/credentials"): _portal(center.role_credentials),
            ("POST", "/logout"): _portal(center.log_out),
        }

    def answer(self, request: Request) -> Response:
        """Answer whatever is asked."""
        serve = self._services.get((request.method, request.path), _nothing)
        return serve(request)


def _nothing(_request: Request) -> Response:
    return sts.refusal(Denied("NotFound", "the demo's AWS has no such thing", 404), "0")


def _oidc(serve: _Serve) -> _Serve:
    """Let the OIDC service say no in OAuth's manner, which botocore reads the code from a header of."""

    def answer(request: Request) -> Response:
        try:
            return serve(request)
        except Denied as denied:
            error = _WORD.sub("_", denied.code.removesuffix("Exception")).lower()
            return _refusal(denied, {"error": error, "error_description": denied.message})

    return answer


def _portal(serve: _Serve) -> _Serve:
    """Let the portal say no in the manner of AWS's JSON services."""

    def answer(request: Request) -> Response:
        try:
            return serve(request)
        except Denied as denied:
            return _refusal(denied, {"message": denied.message})

    return answer


def _refusal(denied: Denied, content: dict[str, object]) -> Response:
    plain = in_json(content)
    return Response(denied.status, plain.kind, plain.body, {"x-amzn-ErrorType": denied.code})
