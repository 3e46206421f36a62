"""The words that scenarios are written in.

A scenario is a domain below one of the lab's two TLDs, with its DNS, its mail
servers and the rows that a scan of it must write. Nothing here has behaviour:
world.py makes zones, certificates and servers from it, and expect.py compares.

Names are relative to the scenario's own zone ("mx" is mx.<name>.<tld>); with a
final dot they are absolute ("mx.other.sec."), and "@" is the zone itself.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Optional, Union

SIGNED_TLD = "sec"
UNSIGNED_TLD = "bare"

# In an expected row: any value but the empty one.
ANY = "<any>"


@dataclass(frozen=True)
class OneOf:
    """An expected column for which the rules leave a choice."""
    values: tuple


def one_of(*values) -> OneOf:
    return OneOf(tuple(str(value) for value in values))


# Certificates ---------------------------------------------------------------

@dataclass(frozen=True)
class Chain:
    """What a server presents. `issuer` signs the leaf:

    issuing      the lab's intermediate below the root of --ca-file
    root         that root itself
    private      a root that no trust store holds
    self         the leaf
    forged       nobody: it only says that `issuing` did
    rsa, late, strict, policy, deep, below, server
                 other intermediates (certificates.py)

    `present` lists the certificates that are sent, in order; `not_after_days`
    is negative for an expired leaf. A name "ip:ADDRESS" is an address; in a
    name with a final dot {zone} is the scenario's own.
    """
    names: tuple = ("mx",)      # none: no subject alternative name
    common_name: str = ""       # of the subject; or the first name
    issuer: str = "issuing"
    present: tuple = ("leaf", "issuing")
    not_before_days: int = -30
    not_after_days: int = 60
    # or p384, ed25519, ed448, rsa1024..., shared (by many)
    key: str = "p256"
    hash: str = "sha256"        # of its signature; or sha1, of issuer rsa
    purpose: str = "server"     # or client
    serial: int = 0             # another number: another key and certificate
    # The start of its validity, in unusual bytes: "TAG:TEXT", an ASN.1 type (23
    # is UTCTime). Of key p256 and an issuer of such a key.
    not_before: str = ""


TRUSTED = Chain()
SELF_SIGNED = Chain(issuer="self", present=("leaf",))
PRIVATE = Chain(issuer="private", present=("leaf", "private"))
EXPIRED = Chain(not_before_days=-90, not_after_days=-1)
NO_ISSUER = Chain(present=("leaf",))
WITH_ROOT = Chain(present=("leaf", "issuing", "root"))
OTHER_NAME = Chain(names=("elsewhere",))
EARLY = Chain(not_before_days=10)
FORGED = Chain(issuer="forged")
DEEP = Chain(issuer="deep", present=("leaf", "deep", "policy"))
LATE = Chain(issuer="late", present=("leaf", "late", "root"))
STRICT = Chain(issuer="strict", present=("leaf", "strict", "root"))
LONG = Chain(issuer="below", present=("leaf", "below", "issuing", "root"))
BY_SERVER = Chain(issuer="server", present=("leaf", "server", "issuing"))
CLIENT = Chain(purpose="client")
SHA256 = Chain(issuer="rsa", present=("leaf", "rsa"))
SHA1 = dataclasses.replace(SHA256, hash="sha1")
# 100 certificates are kept, and 1 MiB (RULES U13).
CHAIN_17 = Chain(present=("leaf",) + 15 * ("private",) + ("issuing",))
CHAIN_100 = Chain(present=("leaf",) + 98 * ("private",) + ("issuing",))
CHAIN_101 = Chain(present=("leaf",) + 99 * ("private",) + ("issuing",))
CUT_BEHIND = Chain(present=("leaf", "issuing") + 99 * ("private",))
TOO_LARGE = Chain(present=("leaf", "issuing") + 2000 * ("rsa",))
CN_ONLY = Chain(names=(), common_name="mx.{zone}")
# RFC 5280 4.1.2.5 has UTCTime (with seconds) and GeneralizedTime.
NO_SECONDS = Chain(not_before="23:2601010000Z")
UNDECODABLE = Chain(not_before="12:260101000000Z")


# TLSA -----------------------------------------------------------------------

@dataclass(frozen=True)
class Tlsa:
    """`of` names a certificate of the host's first chain: leaf, issuing, root,
    private... `data` (hex) is used as it is. `wrong` is the digest of something
    else, a different one for each number; `length` cuts the data, and `behind`
    is appended."""
    usage: int
    selector: int
    matching_type: int
    of: str = "leaf"
    wrong: int = 0
    length: Optional[int] = None
    behind: bytes = b""
    data: Optional[str] = None


EE_SPKI = Tlsa(3, 1, 1)
EE_CERTIFICATE = Tlsa(3, 0, 1)
TA_SPKI = Tlsa(2, 1, 1, of="issuing")
EE_WRONG = Tlsa(3, 1, 1, wrong=1)


# Servers --------------------------------------------------------------------

@dataclass(frozen=True)
class Behaviour:
    """Changes to a server without faults: lines of fakemx.h for a phase replace
    that phase, and those of `odd` replace it in every other session, from the
    first one on; `tls` is the line of TLS options."""
    name: str
    phases: dict = field(default_factory=dict, compare=False, hash=False)
    tls: str = ""
    deaf: bool = False
    program: str = ""           # "postfix": no script, a real server
    odd: dict = field(default_factory=dict, compare=False, hash=False)


@dataclass(frozen=True)
class At:
    """An address of a host. `place` is v4 or v6 (the lab gives it one), or an
    address that is not the lab's. behaviour None: nobody listens. `by_name`
    maps other server names to chains; chain None: no certificate for the rest.
    """
    behaviour: Optional[Behaviour]
    chain: Optional[Chain] = TRUSTED
    place: str = "v4"
    by_name: tuple = ()


@dataclass(frozen=True)
class Host:
    name: str
    at: tuple = ()
    tlsa: tuple = ()
    cname: str = ""             # instead of addresses
    by_dname: bool = False      # the alias comes of a DNAME among the records
    tlsa_owner: str = ""        # where not _25._tcp.<name>
    tlsa_ttl: int = 3600
    # Its TLSA records once the world has changed (`lab change`).
    later: Optional[tuple] = None


@dataclass(frozen=True)
class Web:
    """The server that answers HTTPS for a host of the scenario. `does`: nginx
    (a real one), what fakehttps.py has instead, or None: nobody listens.
    `chains` are pairs of server name ("" for all others) and chain."""
    policy: str = ""
    chains: tuple = ()
    does: Optional[str] = "nginx"
    host: str = "mta-sts"
    place: str = "web"          # or web_v6, or an address not the lab's
    status: str = "200 OK"
    type: str = "text/plain"
    headers: tuple = ()
    lengths: Optional[tuple] = None     # Content-Lengths; None: the right one
    tls: str = ""               # 1.1, 1.2: no other version
    seconds: float = 0          # before it responds
    raw: str = ""               # in place of a response in HTTP

    def response(self) -> str:
        """Of fakehttps."""
        if self.raw:
            return self.raw
        lengths = (len(self.policy),) if self.lengths is None \
            else self.lengths
        lines = [f"HTTP/1.1 {self.status}", "Connection: close",
                 *(f"Content-Length: {length}" for length in lengths),
                 *self.headers]
        if self.type:
            lines.append(f"Content-Type: {self.type}")
        return "\r\n".join([*lines, "", self.policy])


# DNS ------------------------------------------------------------------------

@dataclass(frozen=True)
class Spoil:
    """Damage done to a zone after it was signed, to one RRset.

    alter    its data change, so that the signature is wrong
    strip    its signatures are gone
    expired  its signatures are those of a month ago
    early    its signatures are those of next month
    foreign  its signatures are of a key that the zone does not have
    forge    it stands at `to` as well, with the signatures of its owner
    """
    owner: str
    type: str
    how: str = "alter"
    to: str = ""


@dataclass(frozen=True)
class Says:
    """A response with exact bytes. Its records are lines of a master file with
    all fields: "@ 3600 IN MX 10 mx". Names are relative to the zone."""
    answer: tuple = ()
    authority: tuple = ()
    additional: tuple = ()
    rcode: int = 0              # also those that take an OPT record
    is_authoritative: bool = True
    opts: int = 1               # OPT records


@dataclass(frozen=True)
class Rule:
    """What a name server does to some questions: an action of fakens.h, with
    its number ("drop", "delay 300"). `name` is relative to the zone, or
    absolute with a final dot; names below it match too unless `below` is False.
    "answer" and "answer_edns" say `says`."""
    action: str
    type: str = "any"
    name: str = "@"
    below: bool = True
    transport: str = "any"
    says: Optional[Says] = None


@dataclass(frozen=True)
class Served:
    """A name server of a zone at a separate address: fakens, in front of the
    server that has the zone."""
    rules: tuple = ()
    tcp: str = "answers"        # or refused, silent, deaf
    rate: int = 0               # questions a second; 0: no limit
    place: str = "v4"           # or v6


@dataclass(frozen=True)
class Zone:
    tld: str = SIGNED_TLD
    signed: bool = True
    nsec3: bool = False
    opt_out: bool = False       # of NSEC3
    iterations: int = 0         # of NSEC3
    algorithm: int = 13
    spoil: tuple = ()
    # The DS records of the parent: none, or words joined by "+": right
    # (SHA-256), sha1, sha384, wrong (a key that the zone does not have),
    # unknown (an algorithm that nobody knows), unknown_digest.
    ds: str = "right"
    # The validity of the signatures, in days from now.
    inception_days: int = -1
    expiration_days: int = 30
    glue: bool = False          # its name server has a name in the zone
    is_served: bool = True      # or its servers have never heard of it
    # Scripted name servers, ns1, ns2, ... of the zone, in place of the lab's.
    servers: tuple = ()
    records: tuple = ()         # further lines of a master file
    # The name servers in the zone itself, if they are not those of the
    # delegation.
    ns: tuple = ()
    # Lines that the TLD publishes instead of its NS records and glue; {zone} is
    # the name. With at_tld, the servers of the TLD have the zone.
    delegated: tuple = ()
    at_tld: bool = False
    # The content of the scanned zone file, if it differs from what the TLD
    # publishes.
    ds_in_file: Optional[str] = None
    denial_ttl: int = 300       # how long a denial may be cached (RFC 2308 5)


SIGNED = Zone()


@dataclass(frozen=True)
class Part:
    """A further zone of a scenario: its child, or, with a final dot, a zone
    below a TLD. A host is in the zone that contains its name."""
    name: str
    zone: Zone
    lane: str = ""              # as that of Scenario


# With glue, so that the direct lane can ask.
BARE = Zone(tld=UNSIGNED_TLD, signed=False, ds="none", glue=True)
# An unsigned delegation from the signed TLD, in an opt-out span.
UNSIGNED = Zone(signed=False, ds="none", glue=True)


# Why a witness is not asked (Scenario.oracle).
LOOKS_ONCE = "a witness looks once"
CALLED_BOGUS = "Unbound and delv call it bogus, too, where keys do not arrive"

# Expectations ---------------------------------------------------------------

@dataclass(frozen=True)
class Maybe:
    """A row that the rules allow but do not demand."""
    columns: dict


Row = Union[dict, Maybe]


@dataclass(frozen=True)
class Expect:
    """Rows by key; a key has the table's key columns. Hosts are names as above.
    Addresses are "HOST/N": the N-th of the host's `at`, from 0.

    domains       {"@": {...}} or {} where none is asked
    mx            {host: {...}}
    hosts         {host: {...}}
    addresses     {"mx/0": {...}}
    tlsa          {(host, asking, position): {...}}
    probes        {(address, sni, profile, attempt): {...}}
    host_results  {(host, address, sni, attempt): {...}}
    certificates  {(address, role): {...}}, of the chain shown there, with the
                  roles of Chain.present; others may be there
    said          {address: "EHLO,STARTTLS"}: the commands of each session
    policies      {"@": {...}}
    senders       what each sender meets there (senders.py), for the table
                  outcomes
    """
    domains: dict = field(default_factory=dict)
    mx: dict = field(default_factory=dict)
    hosts: dict = field(default_factory=dict)
    addresses: dict = field(default_factory=dict)
    tlsa: dict = field(default_factory=dict)
    probes: dict = field(default_factory=dict)
    host_results: dict = field(default_factory=dict)
    certificates: dict = field(default_factory=dict)
    said: dict = field(default_factory=dict)
    policies: dict = field(default_factory=dict)
    senders: tuple = ()


@dataclass(frozen=True)
class Scenario:
    name: str
    rules: str                  # identifiers of docs/rules.md
    twin: str                   # differs in one fact, and gives another row
    expect: Expect
    zone: Zone = SIGNED
    mx: tuple = ((10, "mx"),)
    hosts: tuple = ()
    parts: tuple = ()
    web: tuple = ()
    domain: str = "@"           # what is scanned; "" for nothing
    # The lane that answers for its zone with `--lane auto`, if that does not
    # follow from the zone (expected_lanes.py).
    lane: str = ""
    # Of further names in the file of the TLD: pairs of name and lane.
    other_lanes: tuple = ()
    # The same pairs for its MX hosts, if they do not follow from the zone.
    host_lanes: tuple = ()
    oracle: str = ""            # why Postfix cannot be asked about its DANE

    @property
    def zone_name(self) -> str:
        return f"{self.name}.{self.zone.tld}"

    def absolute(self, name: str) -> str:
        """A name in the form of the tables: lower case, no final dot."""
        if name.endswith("."):
            return name[:-1]
        if name in ("@", "*.@"):
            return name.replace("@", self.zone_name)
        return f"{name}.{self.zone_name}"
