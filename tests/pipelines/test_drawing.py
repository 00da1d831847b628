from xml.etree import ElementTree

import pytest
import yaml

from pipelines.drawing import Task, draw, tasks

SVG = "{http://www.w3.org/2000/svg}"
WHITE = "#ffffff"


def boxes(svg: str) -> dict[str, str]:
    """The colour of each box, by what is written in it."""
    root = ElementTree.fromstring(svg)
    fills = [box.get("fill", "") for box in root.findall(f"{SVG}rect")[1:]]
    return dict(zip([text.text or "" for text in root.findall(f"{SVG}text")], fills, strict=True))


def arrows(svg: str) -> int:
    return len(ElementTree.fromstring(svg).findall(f"{SVG}path"))


def test_every_step_is_a_task_that_knows_what_it_waits_for(text: str) -> None:
    known = {task.name: task for task in tasks(text)}

    assert known == {
        "train": Task("train", "Train", (), exit=False),
        "evaluate": Task("evaluate", "Evaluate", ("train",), exit=False),
        "register": Task("register", "Register", ("evaluate",), exit=False),
        "deploy": Task("deploy", "Deploy", ("register",), exit=False),
        "report": Task("report", "Report", ("deploy",), exit=True),
    }


def test_the_drawing_has_a_box_for_each_step_and_an_arrow_for_each_edge(text: str) -> None:
    drawn = draw(text)

    assert boxes(drawn) == dict.fromkeys(("Train", "Evaluate", "Register", "Deploy", "Report"), WHITE)
    assert arrows(drawn) == 4


def test_a_run_colours_the_steps_by_their_states(text: str) -> None:
    drawn = boxes(draw(text, {"train": "SUCCEEDED", "evaluate": "RUNNING", "register": "FAILED", "deploy": "PENDING"}))

    colours = [drawn[box] for box in ("Train · succeeded", "Evaluate · running", "Register · failed")]
    assert len({*colours, WHITE}) == 4
    assert drawn["Deploy · pending"] == drawn["Report"] == WHITE


def test_no_two_boxes_lie_on_each_other(text: str) -> None:
    root = ElementTree.fromstring(draw(text))
    places = [(box.get("x"), box.get("y")) for box in root.findall(f"{SVG}rect")[1:]]

    assert len(set(places)) == 5


@pytest.mark.parametrize("title", ["Cats & dogs", "<script>", '"quoted"'])
def test_whatever_a_step_is_called_the_drawing_stays_well_formed(title: str) -> None:
    graph = {
        "components": {"comp-one": {"executorLabel": "exec-one"}},
        "root": {"dag": {"tasks": {"one": {"componentRef": {"name": "comp-one"}, "taskInfo": {"name": title}}}}},
    }

    assert list(boxes(draw(yaml.safe_dump(graph)))) == [title]
