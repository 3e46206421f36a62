"""Where a witness of `oracle` differs from the rules, and which section
decides.

One entry for each known difference: (witness, scenario), the section that
decides, and why. A difference that is not listed here fails; so does a listed
one that does not occur. If chance decides, the scenario says so (`oracle`).
"""

from __future__ import annotations

from dataclasses import dataclass

DANE, WEBPKI, DELV = "posttls-finger dane", "posttls-finger webpki", "delv"


@dataclass(frozen=True)
class Difference:
    section: str
    why: str

    def __str__(self) -> str:
        return f"{self.section}: {self.why}"


def of(witness: str, section: str, why: str, *scenarios: str) -> dict:
    difference = Difference(section, why)
    return {(witness, scenario): difference for scenario in scenarios}


DIFFERENCES = {
    **of(DANE, "RFC 7672 3.2.2", "the probe judges the TLSA base domain "
         "alone; the next hop is judged per domain in outcomes",
         "dane-ta-next-hop"),
    **of(WEBPKI, "RFC 5321 4.1.1.1", "Postfix reads keywords on the first "
         "line of the EHLO reply, where the server's name stands",
         "nearly-starttls", "starttls-name"),
    **of(WEBPKI, "RFC 5321 4.2", "Postfix takes a reply line without blank or "
         "hyphen behind its code", "no-separator"),
    **of(WEBPKI, "RFC 5321 4.2.1", "Postfix takes a reply whose lines have "
         "different codes; RULES S2 do not", "mixed-digit"),
    **of(WEBPKI, "RULES S3", "Postfix stops reading a reply of many lines, "
         "and goes on", "lines-100", "too-many-lines"),
    **of(WEBPKI, "RULES S1", "Postfix cuts a long line, and goes on",
         "too-long-line"),
    **of(WEBPKI, "RULES S1 S3", "Postfix cuts a long line before it comes to "
         "STARTTLS", "line-4096", "bytes-60000"),
    **of(WEBPKI, "RFC 3207 4.2", "Postfix throws away what was sent behind "
         "the 220 and goes on; RULES S12 end the connection",
         "injected", "injected-byte", "injected-lines", "injected-record"),
    **of(WEBPKI, "RFC 8446 4.4.2.4", "Postfix ends before the alert comes "
         "with which the server answers its empty certificate",
         "requires-certificate"),
    **of(WEBPKI, "RFC 9525 appendix A", "Postfix falls back to the common "
         "name where there is no dNSName (RULES N7)",
         "common-name-alone", "dane-ta-common-name",
         "dane-ta-common-name-address"),
    **of(WEBPKI, "RULES N3", "Postfix does not drop the final dot of a "
         "dNSName", "trailing-dot"),
    **of(WEBPKI, "RULES 9", "the second session met TLS, and so does each of "
         "even number; Postfix has the third", "decoy"),
    **of(DANE, "RULES U13", "the certificate is among those that are not "
         "kept", "dane-ta-chain-101"),
    **of(DANE, "RULES U13", "the handshake ends for its size, here and there",
         "dane-too-large"),
    **of(WEBPKI, "RULES U13", "what is not kept may be needed: not known, "
         "where Postfix verifies", "chain-101", "dane-ta-chain-101",
         "dane-ta-cut-behind", "dane-ee-chain-101", "dane-ee-chain-101-wrong"),
    **of(DELV, "RFC 6840 5.2", "Debian's libunbound does not know Ed448 and "
         "takes the zone for unsigned (RULES DS1); delv knows it",
         "algorithm-16"),
    **of(DELV, "RFC 5155 9.2", "delv calls a denial in an opt-out span "
         "validated; it proves nothing of an unsigned delegation (RULES DS4)",
         "nsec3-opt-out"),
}
