"""Wiring of models that are ordered from afar: judged, put on trial by a reload, kept or gone back from.

Law: only a model that a list of the policy names is put on trial, whatever else may look here. The order is
on the disk as a trial before anything changes, and holds only once every process works by it; a trial that a
crash cut off is over. The process that judges is not the one that reloads, so the end is left for the first.
"""

import logging
from collections.abc import Callable
from pathlib import Path

from edge.adapters import model_folder
from edge.adapters.end_box import EndBox
from edge.adapters.private_file import make_folder, replace
from edge.config import ordered_model
from edge.config.load import configured_model
from edge.config.ordered_model import OrderedModel
from edge.config.spec import NodeSpec
from edge.messages.command import CommandMessage
from edge.messages.orders import ModelOrder
from edge.run.commands import Effect
from edge.run.models import folder_of
from edge.run.places import end_folder
from edge.values.command import Doubt, End, Verb
from edge.values.errors import ConfigError, ModelError, StorageError

log = logging.getLogger("commands")


def switcher(
    node: NodeSpec, config: Path, reload: Callable[[], Effect]
) -> Callable[[CommandMessage], Effect]:
    """Puts models on trial.

    Args:
        node: the box.
        config: that its processes read.
        reload: what makes the box read its configuration again.
    """

    def switch(message: CommandMessage) -> Effect:
        order = message.data
        assert isinstance(order, ModelOrder)
        if (doubt := _doubt(node, order)) is not Doubt.NONE:
            return Effect(doubt)
        effect = reload()
        if effect.doubt is not Doubt.NONE:
            return effect
        try:
            named = configured_model(config)
            _put_on_trial(
                node.data_dir, OrderedModel(order.model, order.sha256, named, order.nonce, order.signer)
            )
        except StorageError as error:
            log.error("the model that was ordered cannot be put on trial: %s", error)
            return Effect(Doubt.DISK)
        return Effect(then=effect.then, passed_on=True)

    return switch


def settle(node: NodeSpec, well: bool) -> None:
    """The trial of a model is over: keep the order, or forget it; its end is left to be told.

    Raises:
        StorageError: the disk does not take it.
    """
    order = node.ordered_model
    if order is None or ordered_model.read(trial := ordered_model.trial_file(node.data_dir)) != order:
        return
    if well:
        replace(ordered_model.held_file(node.data_dir), order.as_bytes())
    _leave(node.data_dir, order, Doubt.NONE if well else Doubt.UNFIT)
    trial.unlink(missing_ok=True)


def on_trial(node: NodeSpec) -> bool:
    """Whether the model that is to look has not proved itself yet."""
    trial = ordered_model.read(ordered_model.trial_file(node.data_dir))
    return trial is not None and trial == node.ordered_model


def end_trial(data_dir: Path, but: str = "") -> None:
    """No model is on trial: one that was when the box died, or that the file contradicts, is not taken.

    Args:
        data_dir: of the box.
        but: nonce of the command whose trial begins again, which is no end.

    Raises:
        StorageError: the disk does not take it.
    """
    trial = ordered_model.trial_file(data_dir)
    try:
        order = ordered_model.read(trial)
    except ConfigError as damaged:
        log.error("%s", damaged)
        order = None
    if order is not None and order.nonce != but:
        _leave(data_dir, order, Doubt.UNFIT)
    trial.unlink(missing_ok=True)


def copied(node: NodeSpec, config: Path) -> None:
    """Put the order that holds beside a copy of a configuration.

    Raises:
        StorageError: the disk does not take it.
    """
    beside = ordered_model.model_beside(config)
    if node.ordered_model is None:
        beside.unlink(missing_ok=True)
    else:
        replace(beside, node.ordered_model.as_bytes())


def _doubt(node: NodeSpec, order: ModelOrder) -> Doubt:
    """Why this model may not be tried here."""
    try:
        card, _ = model_folder.card_of(folder_of(order.model))
    except ModelError as error:
        log.warning("the model that was ordered: %s", error)
        return Doubt.NO_MODEL
    if card.sha256 != order.sha256 or card.counts:
        return Doubt.NO_MODEL
    listed = {model.sha256 for model in node.policy.models or ()}
    door = node.detector.door.allow
    named = order.sha256 in listed and (door is None or order.sha256 in door)
    return Doubt.NONE if named else Doubt.MODEL


def _put_on_trial(data_dir: Path, order: OrderedModel) -> None:
    end_trial(data_dir, but=order.nonce)
    make_folder(ordered_model.folder_of(data_dir))
    replace(ordered_model.trial_file(data_dir), order.as_bytes())


def _leave(data_dir: Path, order: OrderedModel, doubt: Doubt) -> None:
    EndBox(end_folder(data_dir)).drop(End(order.nonce, order.signer, Verb.MODEL, doubt))
