"""TLS at both sides of Envoy, with certificates from folders that may change at any time.

Envoy reads each through a file of its own (SDS): only so does it look again.
"""

import json
from pathlib import Path
from typing import Any

# As cert-manager and Kubernetes name them.
CHAIN, KEY, AUTHORITY = "tls.crt", "tls.key", "ca.crt"
_TYPES = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3"
_NEWER = {"tls_minimum_protocol_version": "TLSv1_2"}


def downstream(secrets: Path) -> dict[str, Any]:
    """Return the socket on which others call; `secrets` is where `files` were put."""
    context = {
        "tls_params": _NEWER,
        "alpn_protocols": ["h2", "http/1.1"],
        "tls_certificate_sds_secret_configs": [_read("edge", secrets)],
    }
    return _socket("DownstreamTlsContext", {"common_tls_context": context})


def upstream(secrets: Path) -> dict[str, Any]:
    """Return the socket to the gateways: both ends show certificates, and a gateway's has its name.

    `secrets` is where `files` were put.
    """
    context = {
        "tls_params": _NEWER,
        "alpn_protocols": ["h2"],
        "tls_certificate_sds_secret_configs": [_read("own", secrets)],
        "combined_validation_context": {
            "default_validation_context": {},
            "validation_context_sds_secret_config": _read("authority", secrets),
        },
    }
    return _socket(
        "UpstreamTlsContext",
        {"auto_host_sni": True, "auto_sni_san_validation": True, "common_tls_context": context},
    )


def files(edge: Path | None, gateway: Path | None) -> dict[str, str]:
    """Return what Envoy reads of the folders with certificates for its two sides, by name."""
    told: dict[str, dict[str, Any]] = {}
    if edge:
        told["edge"] = _shown(edge)
    if gateway:
        told["own"] = _shown(gateway)
        told["authority"] = {
            "validation_context": {
                "trusted_ca": {"filename": str(gateway / AUTHORITY)},
                "watched_directory": {"path": str(gateway)},
            }
        }
    return {
        f"{name}.json": json.dumps(
            {"resources": [{"@type": f"{_TYPES}.Secret", "name": name, **secret}]}
        )
        for name, secret in told.items()
    }


def _shown(folder: Path) -> dict[str, Any]:
    return {
        "tls_certificate": {
            "certificate_chain": {"filename": str(folder / CHAIN)},
            "private_key": {"filename": str(folder / KEY)},
            "watched_directory": {"path": str(folder)},
        }
    }


def _read(name: str, secrets: Path) -> dict[str, Any]:
    path = str(secrets / f"{name}.json")
    source = {"path_config_source": {"path": path}, "resource_api_version": "V3"}
    return {"name": name, "sds_config": source}


def _socket(kind: str, context: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": "envoy.transport_sockets.tls",
        "typed_config": {"@type": f"{_TYPES}.{kind}", **context},
    }
