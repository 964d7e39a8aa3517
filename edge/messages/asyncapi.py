"""The AsyncAPI 3.0 document of what a node sends, generated from the models and the examples."""

from typing import Any

import yaml

from edge import __version__
from edge.messages.channels import Channel, channels, sent
from edge.messages.schema import component_schemas
from edge.privacy.spec import NAME
from edge.values.event import Kind

CONTENT_TYPE = "application/cloudevents+json"
MQTT_BINDING = "0.2.0"


def document() -> dict[str, Any]:
    """The document as plain data."""
    return {
        "asyncapi": "3.0.0",
        "id": "urn:safecity:edge",
        "info": {
            "title": "safecity-edge node",
            "version": __version__,
            "description": "What an edge box, or a fusion of several, sends to the monitoring centre over "
            "MQTT 5 (3.1.1 without expiry and content type), the receipts and commands that it gets, and "
            "readings of sensors: CloudEvents 1.0, structured mode, JSON. No embeddings, no free text, and "
            "no pixels but those of a street without its people, where a policy of the state allows that.",
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {channel.name: _channel(channel) for channel in channels()},
        "operations": {
            f"{_action(channel)}{_capital(channel.name)}": _operation(channel) for channel in channels()
        },
        "components": {
            "messages": {channel.name: _message(channel) for channel in channels()},
            "schemas": component_schemas(),
            "parameters": _parameters(),
        },
    }


def asyncapi() -> str:
    """The document as YAML."""
    return yaml.dump(document(), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)


class _Plain(yaml.SafeDumper):
    """Without anchors, which tools that read AsyncAPI need not know."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 (the base class passes it)
        return True


def _channel(channel: Channel) -> dict[str, Any]:
    return {
        "address": channel.address,
        "summary": channel.summary,
        "messages": {channel.name: {"$ref": f"#/components/messages/{channel.name}"}},
        "parameters": {name: {"$ref": f"#/components/parameters/{name}"} for name in channel.parameters},
    }


def _operation(channel: Channel) -> dict[str, Any]:
    mqtt: dict[str, Any] = {"qos": 1, "retain": channel.retain}
    if channel.expiry_s is not None:
        mqtt["messageExpiryInterval"] = channel.expiry_s
    return {
        "action": _action(channel),
        "summary": channel.summary,
        "channel": {"$ref": f"#/channels/{channel.name}"},
        "messages": [{"$ref": f"#/channels/{channel.name}/messages/{channel.name}"}],
        "bindings": {"mqtt": {**mqtt, "bindingVersion": MQTT_BINDING}},
    }


def _action(channel: Channel) -> str:
    return "send" if channel.to_centre else "receive"


def _message(channel: Channel) -> dict[str, Any]:
    return {
        "name": channel.model,
        "title": channel.summary,
        "contentType": CONTENT_TYPE,
        "payload": {"$ref": f"#/components/schemas/{channel.model}"},
        "bindings": {"mqtt": {"contentType": CONTENT_TYPE, "bindingVersion": MQTT_BINDING}},
        "examples": [
            {
                "name": "".join(_capital(word) for word in title.split()),
                "summary": title,
                "payload": sent(message),
            }
            for title, message in channel.examples
        ],
    }


def _parameters() -> dict[str, Any]:
    return {
        "region": {"description": f"region of the city, {NAME}"},
        "node": {"description": f"edge box, unique in the region, {NAME}"},
        "camera": {"description": f"camera of the node, {NAME}"},
        "zone": {"description": f"zone of the camera, {NAME}"},
        "rule": {"description": f"rule of the fusion, {NAME}"},
        "sensor": {"description": f"sensor behind the gateway, {NAME}"},
        "kind": {"description": "what sort of thing happened", "enum": [kind.value for kind in Kind]},
    }


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
