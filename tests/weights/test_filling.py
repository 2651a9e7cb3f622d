"""What is told of files against what is listed, and the edit that takes it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmaster.checks.examples import GOOD, SHARDED, but
from loadmaster.document.document import Document
from loadmaster.weights.filling import NewValues, fill, plan_fill, proposals
from loadmaster.weights.hub_listing import ListedFile
from loadmaster.weights.partial_spec import partial_spec
from loadmaster.weights.scan_folder import ProposedFile

MODEL = "demo-1b@1.0.0"
CONFIG, UNET = "config.json", "unet/model.safetensors"
CONFIG_SHA = "6dc87b92b4d769af5afb72c61bbf7b120cf50ea2ec1535ea3c317e70945a823a"
TRUE = "5" * 64


def doc(text: str = GOOD) -> Document:
    return Document.from_text(text)


def test_only_what_differs_becomes_a_change() -> None:
    told = [ProposedFile(CONFIG, 612, CONFIG_SHA), ProposedFile(UNET, 5, TRUE)]
    plan = plan_fill(doc(), MODEL, told)
    assert plan.changes == (NewValues(UNET, 5, TRUE),)
    assert (plan.agreeing, plan.untold, plan.additions) == (1, (), ())
    changed = fill(doc(), plan).text
    assert changed == but("2147511568", "5").replace(
        "9a1f7a246a0fcaa59d71e0ac1210004f45b67b58c323c3458d81a81adf5a8eb4", TRUE
    )


def test_capital_digits_are_true_as_well() -> None:
    text = but(CONFIG_SHA, CONFIG_SHA.upper())
    plan = plan_fill(doc(text), MODEL, [ProposedFile(CONFIG, 612, CONFIG_SHA)])
    assert (plan.changes, plan.agreeing, plan.untold) == ((), 1, (UNET,))


def test_a_digest_without_a_size_leaves_the_size_and_says_so() -> None:
    plan = plan_fill(doc(), MODEL, [ProposedFile(CONFIG, None, TRUE), ProposedFile(UNET, None, TRUE)])
    assert plan.changes == (NewValues(CONFIG, None, TRUE), NewValues(UNET, None, TRUE))
    assert plan.unsized == (CONFIG, UNET)
    assert "size = 612" in fill(doc(), plan).text
    agreeing = plan_fill(doc(), MODEL, [ProposedFile(CONFIG, None, CONFIG_SHA)])
    assert (agreeing.unsized, agreeing.agreeing) == ((), 1)


def test_a_size_without_a_digest_changes_nothing() -> None:
    plan = plan_fill(doc(), MODEL, [ProposedFile(CONFIG, 5), ProposedFile("new.json", 5)])
    assert (plan.changes, plan.additions, plan.need_bytes) == ((), (), (CONFIG, "new.json"))


def test_unlisted_files_are_added_where_they_belong() -> None:
    told = proposals(
        [
            ListedFile("unet/extra-00002-of-00002.safetensors", 8, TRUE),
            ListedFile("vae/model.safetensors", 9, TRUE),
            ListedFile("unet/extra.safetensors.index.json", 7, TRUE),
        ],
        partial_spec(MODEL, doc().model_data(MODEL)),
    )
    plan = plan_fill(doc(), MODEL, told)
    files = fill(doc(), plan).get(("models", MODEL, "files"))
    assert [one["path"] for one in files] == [
        CONFIG, UNET, "unet/extra-00002-of-00002.safetensors", "unet/extra.safetensors.index.json",
        "vae/model.safetensors",
    ]  # fmt: skip
    assert files[2] == {
        "path": "unet/extra-00002-of-00002.safetensors", "size": 8, "sha256": TRUE, "component": "unet",
        "shard_part": 2,
    }  # fmt: skip
    assert files[3]["shard_index"] is True
    assert files[4]["component"] == "vae"
    assert fill(doc(), plan, add=False).text == GOOD


def test_an_added_shard_stands_behind_the_others() -> None:
    model = "demo-4b@1.0.0"
    document = Document.from_text(SHARDED)
    last = document.get(("models", model, "files"))[3]
    without = document.remove_item(("models", model, "files"), 3)
    told = proposals(
        [ListedFile(last["path"], last["size"], last["sha256"])], partial_spec(model, without.model_data(model))
    )
    assert fill(without, plan_fill(without, model, told)).data == document.data


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("../x.json", "holds .."),
        ("/x.json", "is absolute"),
        ("a\\x.json", "backslash"),
        ("README.md", "allow_patterns"),
    ],
)
def test_what_may_not_be_listed_is_left_out(path: str, why: str) -> None:
    text = but('description = "Demo model"', 'allow_patterns = ["*.json", "*.safetensors"]')
    spec = partial_spec(MODEL, doc(text).model_data(MODEL))
    plan = plan_fill(doc(text), MODEL, proposals([ListedFile(path, 1, TRUE)], spec))
    ((left, reason),) = plan.left_out
    assert left == path
    assert why in reason
    assert plan.additions == ()


def test_a_size_that_nobody_told_is_asked_for_before_it_is_added() -> None:
    plan = plan_fill(doc(), MODEL, [ProposedFile("new.json", None, TRUE)])
    assert (plan.sizeless, plan.additions) == (("new.json",), ())


def test_a_model_without_any_true_word_can_be_filled() -> None:
    text = but('sha256 = "' + CONFIG_SHA + '"', 'sha256 = "TODO"').replace("size = 612\n", "")
    changed = fill(doc(text), plan_fill(doc(text), MODEL, [ProposedFile(CONFIG, 612, CONFIG_SHA)]))
    assert changed.data == doc().data


def test_a_model_without_files_gets_some() -> None:
    bare = Document.from_text('schema_version = 1\n\n[models."a@1.0.0"]\nvariants = ["fp16"]\n')
    plan = plan_fill(bare, "a@1.0.0", [ProposedFile("x.json", 1, TRUE), ProposedFile("y.json", 2, TRUE)])
    files = fill(bare, plan).get(("models", "a@1.0.0", "files"))
    assert [one["path"] for one in files] == ["x.json", "y.json"]


def test_a_promise_counts_and_is_told_as_one() -> None:
    plan = plan_fill(doc(), MODEL, [ProposedFile(UNET, 5, TRUE, pointer=True)])
    assert plan.pointers == (UNET,)
    assert plan.changes == (NewValues(UNET, 5, TRUE),)


VALUES = st.fixed_dictionaries(
    {}, optional={path: st.tuples(st.integers(0, 2**40), st.sampled_from([TRUE, "a" * 64])) for path in (CONFIG, UNET)}
)


@given(VALUES)
def test_filling_twice_changes_nothing_more(values: dict[str, tuple[int, str]]) -> None:
    told = [ProposedFile(path, size, sha256) for path, (size, sha256) in values.items()]
    once = fill(doc(), plan_fill(doc(), MODEL, told))
    again = plan_fill(once, MODEL, told)
    assert again.changes == ()
    assert again.agreeing == len(told)
    assert fill(once, again) is once
    listed = {one["path"]: (one["size"], one["sha256"]) for one in once.get(("models", MODEL, "files"))}
    assert listed.items() >= values.items()
