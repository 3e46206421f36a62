"""A synthetic TLD zone, as CZDS gives them out: apex, delegations with their name
servers, DS where signed, glue where the name servers are inside, SOA again."""

import gzip
import hashlib

OPERATORS = 200
SOA = ("{apex}.\t900\tin\tsoa\tns1.{apex}. hostmaster.{apex}. 2026100101 "
       "1800 900 604800 86400\n")


def delegation(apex, number, signed_share):
    """The lines of one domain. What it is follows from its number alone."""
    digest = hashlib.sha256(b"%d" % number).digest()
    name = f"d{number:07d}.{apex}."
    if digest[0] < 13:  # 1 in 20 has name servers of its own
        servers = [f"ns1.{name}", f"ns2.{name}"]
        glue = [f"{server}\t3600\tin\ta\t192.0.2.{digest[1]}"
                for server in servers]
    else:
        operator = int.from_bytes(digest[2:4]) % OPERATORS
        servers = [f"ns{i}.operator-{operator:03d}.{apex}." for i in (1, 2)]
        glue = []
    lines = [f"{name}\t3600\tin\tns\t{server}" for server in servers]
    # Spread evenly, so that the share is exact to one domain.
    if int((number + 1) * signed_share) > int(number * signed_share):
        lines.append(f"{name}\t3600\tin\tds\t{int.from_bytes(digest[4:6])} "
                     f"13 2 {digest.hex().upper()}")
    return "\n".join(lines + glue) + "\n"


def write_zone(path, apex, count, signed_share):
    with gzip.open(path, "wt", compresslevel=4, encoding="ascii") as zone:
        zone.write(SOA.format(apex=apex))
        zone.write(f"{apex}.\t3600\tin\tns\tns1.{apex}.\n")
        zone.write(f"ns1.{apex}.\t3600\tin\ta\t192.0.2.53\n")
        for number in range(count):
            zone.write(delegation(apex, number, signed_share))
        zone.write(SOA.format(apex=apex))
