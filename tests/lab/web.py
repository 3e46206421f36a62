"""The lab's policy hosts: nginx for those without faults, fakehttps for the
others, with the certificates and records that belong to them."""

from __future__ import annotations

import json
from pathlib import Path

from certificates import Authorities, write_chain
from model import Scenario, Web

NGINX = """
daemon off;
user root root;
master_process off;
pid "{folder}/nginx.pid";
error_log stderr error;
worker_rlimit_nofile 1024;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path "{folder}/body";
    proxy_temp_path "{folder}/proxy";
    fastcgi_temp_path "{folder}/fastcgi";
    scgi_temp_path "{folder}/scgi";
    uwsgi_temp_path "{folder}/uwsgi";
    ssl_protocols TLSv1.2 TLSv1.3;
{servers}
}}
"""

NGINX_SERVER = """    server {{
        listen {listen}:443 ssl;
        server_name {name};
        ssl_certificate "{pem}";
        ssl_certificate_key "{pem}";
        location = /.well-known/mta-sts.txt {{
            default_type text/plain;
            alias "{policy}";
        }}
    }}
"""


class WebServers:
    def __init__(self, folder: Path, authorities: Authorities) -> None:
        self.folder = folder
        self.authorities = authorities
        self.servers: list = []         # of nginx: configuration
        self.table: list = []           # of fakehttps
        self.first: dict = {}           # address by program
        self.count = 0
        folder.mkdir(exist_ok=True)

    def certificate(self, scenario: Scenario, chain) -> str:
        self.count += 1
        path = self.folder / f"web{self.count}.pem"
        made = self.authorities.make_chain(
            chain, [scenario.absolute(name) for name in chain.names])
        write_chain(path, made, chain.present)
        return str(path)

    def serve(self, scenario: Scenario, web: Web, address: str) -> None:
        if web.does is None:
            return
        certificates = {scenario.absolute(name) if name else "":
                        self.certificate(scenario, chain)
                        for name, chain in web.chains}
        if web.does == "nginx":
            self.first.setdefault("nginx", address)
            policy = self.folder / f"policy{self.count}.txt"
            policy.write_bytes(web.policy.encode())
            listen = f"[{address}]" if ":" in address else address
            self.servers += [NGINX_SERVER.format(
                listen=listen, name=name or "_", pem=pem, policy=policy)
                for name, pem in certificates.items()]
        else:
            self.first.setdefault("fakehttps", address)
            self.table.append({
                "address": address, "does": web.does, "tls": web.tls,
                "seconds": web.seconds, "response": web.response(),
                "certificates": certificates})

    def write(self, lab: Path) -> None:
        """lab/web.json names an address of each program that is to run."""
        (lab / "nginx.conf").write_text(NGINX.format(
            folder=self.folder, servers="".join(self.servers)))
        (lab / "fakehttps.table").write_text(json.dumps(self.table, indent=1))
        (lab / "web.json").write_text(json.dumps(self.first))
