"""The verbs `pki acl` and `pki probe`: who may what at a broker, proven before it counts and after."""

from pathlib import Path

from edge.config.fleet import load
from edge.run import access
from edge.run.wiring import access as wiring
from edge.run.wiring import pki


def acl(file: Path, out: Path) -> None:
    """Write a Mosquitto's files for a fleet, once the access file has stood its trial.

    Raises:
        ConfigError: the fleet file is wrong, or the access file does not stand its trial.
        StorageError: they cannot be written.
    """
    fleet = load(file)
    text = access.access_file(fleet)
    tried = wiring.prove(fleet, text)
    pki.make_folder(out)
    pki.renew(out / "mosquitto.conf", access.configuration(fleet))
    pki.renew(out / "access", text)
    boxes = sum(each.role is None for each in fleet.members)
    others = len(fleet.members) - boxes
    print(f"{out / 'access'}: {boxes} boxes, {others} others; {tried} things tried, all as wanted")
    print(f"{out / 'mosquitto.conf'}: TLS 1.3, certificates of clients, port {fleet.port}")
    for each in access.earless(fleet):
        print(
            f"{each.name} has no ears: with urgent sensors it wants {{name: {each.name}-ears, role: ears}} "
            "too, and a certificate of that name"
        )
    print(f"next: safecity-edge pki probe {file} --reload PID_FILE")


def probe(file: Path, pid_file: Path | None) -> int:
    """Ask the canary whether a broker refuses; the exit status is 1 if it does not.

    Raises:
        ConfigError: the fleet file is wrong or does not say how the canary logs in.
        BrokerError: the broker cannot be reached, or refuses the canary's certificate.
    """
    fleet = load(file)
    found = wiring.ask_canary(fleet, pid_file)
    if not found:
        print(f"{fleet.canary.name}: may nothing, as it should be")
        return 0
    for each in found:
        print(f"{fleet.canary.name}: {each}")
    print("the broker does not hold its access file: stop it now; started again it refuses a malformed one")
    return 1
