"""Who may assume which role at Meadow: the accounts' trust policies."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from types import MappingProxyType

from rolecall.demo.callers import CI, ROWAN, Caller

DEVICE = "arn:aws:iam::123456789012:mfa/rowan"
CODE = "123456"
"""What that device always shows."""
POD = "system:serviceaccount:default:rowan-pod"

_ADMIN = "arn:aws:sts::111122223333:assumed-role/Admin/*"
_DEPLOY = "arn:aws:sts::111122223333:assumed-role/Deploy/*"
_CONTRACTOR = "arn:aws:sts::210987654321:assumed-role/AWSReservedSSO_Contractor_*"


@dataclass(frozen=True, slots=True)
class Trust:
    """A role's trust policy.

    Attributes:
        principals: the ARNs of those who may assume it, with ``*``; or the subject of a web identity.
        wants_mfa: whether they must have shown a code.
        external_id: what they must know, if anything.
    """

    principals: tuple[str, ...]
    wants_mfa: bool = False
    external_id: str | None = None

    def admits(self, who: str) -> bool:
        """Whether it names this principal."""
        return any(fnmatchcase(who, principal) for principal in self.principals)


ROLES: Mapping[str, Trust] = MappingProxyType(
    {
        "arn:aws:iam::111122223333:role/Admin": Trust((ROWAN,), wants_mfa=True),
        "arn:aws:iam::111122223333:role/Deploy": Trust((_ADMIN,)),
        "arn:aws:iam::111122223333:role/ReadOnly": Trust((_ADMIN,)),
        "arn:aws:iam::111122223333:role/LogArchive": Trust((_DEPLOY,)),
        "arn:aws:iam::111122223333:role/Operator": Trust((ROWAN, _ADMIN)),
        "arn:aws:iam::111122223333:role/Bastion": Trust(("ec2.amazonaws.com",)),
        "arn:aws:iam::444455556666:role/Developer": Trust((ROWAN,)),
        # the build box alone: that `release` works at times is the doing of the cache file it shares
        "arn:aws:iam::444455556666:role/Release": Trust((CI,)),
        "arn:aws:iam::444455556666:role/LoadTest": Trust((ROWAN,)),
        "arn:aws:iam::444455556666:role/Blue": Trust((ROWAN,)),
        "arn:aws:iam::444455556666:role/Green": Trust((ROWAN,)),
        "arn:aws:iam::777788889999:role/PodReader": Trust((POD,)),
        "arn:aws:iam::777788889999:role/Intern": Trust((ROWAN,)),
        "arn:aws:iam::777788889999:role/Sandbox": Trust((ROWAN,)),
        "arn:aws:iam::210987654321:role/Audit": Trust((_CONTRACTOR,), external_id="meadow-2214"),
    }
)
"""Each role's trust policy by its ARN; a role that is not there trusts nobody, as one that does not exist."""

NOBODY = Trust(())


def may_assume(role: str, caller: Caller, external_id: str | None, *, has_mfa: bool) -> bool:
    """Whether a caller may assume a role; the caller may have shown a code already, or with this call."""
    policy = ROLES.get(role, NOBODY)
    is_known = policy.external_id is None or policy.external_id == external_id
    return policy.admits(caller.arn) and is_known and (has_mfa or caller.has_mfa or not policy.wants_mfa)
