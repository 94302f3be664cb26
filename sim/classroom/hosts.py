"""Where a game listens: the address that is given away, the hosts that are answered for, and the risk."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def loopback(host: str) -> bool:
    """Whether only this machine can reach what listens there."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def ours(asked: str, host: str, port: int) -> bool:
    """Whether a Host header names what listens on `host`. A page elsewhere whose name is made to point here (DNS
    rebinding) asks for that name: names are refused but the one given, numbers aren't."""
    try:
        url = urlsplit(f"//{asked}")
        name, given = url.hostname or "", url.port or 80
    except ValueError:
        return False
    if given != port or url.netloc != asked or "@" in asked:
        return False
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name == "localhost" or (name == host.lower() and not loopback(host))
    return loopback(name) or not loopback(host)


def address(token: str, host: str, port: int) -> str:
    """Where the game is; from this machine where it listens on every address."""
    if host in ("", "0.0.0.0", "::"):
        host = "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/{token}/"


def risk(host: str) -> str:
    """What listening there means, in plain words; nothing where only this machine can."""
    if loopback(host):
        return ""
    return (
        f"This listens on {host}, beyond this machine. Whoever has the address can look on and take a seat. It is sent "
        "unencrypted (http): who can listen to the network can read the token in it, and everything on the pages. Do "
        "so only in a network that you trust, and stop it (Ctrl-C) when the class is over."
    )
