"""How editors write a notebook when a student saves it there, for `test_editors`.

Each writer takes a notebook of format 4.5 as Jupyter wrote it and returns the text of the file that the editor would
write. Its docstring names where the facts are from.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

Cell = dict[str, Any]
Notebook = dict[str, Any]

OWNER = "Wilhelmina Featherstonehaugh"
"""The name of the person who is signed in; it must come out in no report."""
OWNER_ID = "04104170300566764648"
TITLE = "#@title My own title"
"""What a student wrote above a cell in Colab."""
_TIME = "2026-03-12T04:44:22.546692Z"


def _hash(cell: Cell, length: int) -> str:
    return hashlib.sha256(_text(cell["source"]).encode()).hexdigest()[:length]


def _text(lines: str | list[str]) -> str:
    return lines if isinstance(lines, str) else "".join(lines)


def _code_cells(notebook: Notebook) -> Iterator[Cell]:
    return (cell for cell in notebook["cells"] if cell["cell_type"] == "code")


def _ordered(thing: dict[str, Any], *names: str) -> dict[str, Any]:
    """With these keys first, in this order."""
    return {name: thing[name] for name in names if name in thing} | thing


def _with_one_text(cell: Cell) -> Cell:
    """With its source, and what it printed, as one string instead of a list of lines."""
    outputs = [{**each, "text": _text(each["text"])} if "text" in each else each for each in cell.get("outputs", [])]
    return {**cell, "source": _text(cell["source"])} | ({"outputs": outputs} if cell["cell_type"] == "code" else {})


def _in_colab(notebook: Notebook) -> Notebook:
    for cell in notebook["cells"]:
        cell["metadata"]["id"] = cell["id"]
    for number, cell in enumerate(_code_cells(notebook)):
        cell["metadata"] |= {
            "executionInfo": {
                "status": "ok",
                "timestamp": 1722608125960 + number,
                "user_tz": -330,
                "elapsed": 188,
                "user": {
                    "displayName": OWNER,
                    "photoUrl": f"https://lh3.googleusercontent.com/a/{OWNER_ID}",
                    "userId": OWNER_ID,
                },
            }
        }
        if cell["outputs"]:
            cell["metadata"]["outputId"] = f"d1c9354e-43db-45ab-c38b-{number:012x}"
            cell["metadata"]["colab"] = {"base_uri": "https://localhost:8080/", "height": 333}
    notebook["metadata"] = {
        "colab": {"provenance": [], "toc_visible": True, "gpuType": "T4"},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"},
        "accelerator": "GPU",
        "widgets": {"application/vnd.jupyter.widget-state+json": {"0fb7b40add6e49e1b82b4a60242c7d1e": {"state": {}}}},
    }
    notebook["cells"] = [_ordered(cell, "cell_type", "source", "metadata") for cell in notebook["cells"]]
    return _ordered(notebook, "nbformat", "nbformat_minor", "metadata", "cells")


def colab(notebook: Notebook) -> str:
    """File > Download in Colab.

    googlecolab/colabtools, `notebooks/*.ipynb` (order of keys, indentation, `colab`, `outputId`, `widgets`,
    `accelerator`) and issue 5402 (a notebook of format 4.5 keeps its ids); a notebook of nbgrader that Colab saved,
    itsyourgirlnicky/NorthwindSQL `index.ipynb` (foreign metadata and ids are kept, `metadata.id` repeats the id).
    `executionInfo` is as in many public notebooks.
    """
    return json.dumps(_in_colab(notebook), indent=2, ensure_ascii=False)


def colab_before_ids(notebook: Notebook) -> str:
    """Colab as it was before it kept ids: format 4.0, and an id of its own in the metadata.

    googlecolab/colabtools, `notebooks/How_to_Use_Slideshow_Mode.ipynb`, and issue 581.
    """
    notebook = _in_colab(notebook) | {"nbformat_minor": 0}
    for cell in notebook["cells"]:
        del cell["id"]
        cell["metadata"]["id"] = _hash(cell, 12)
        cell["metadata"]["colab_type"] = "code" if cell["cell_type"] == "code" else "text"
    return json.dumps(notebook, indent=2)


def colab_to_github(notebook: Notebook) -> str:
    """File > Save a copy in GitHub: a first cell with a badge, and `<` and `>` as numbers.

    itsyourgirlnicky/NorthwindSQL `index.ipynb`; googlecolab/colabtools
    `notebooks/Getting_started_with_google_colab_ai.ipynb`.
    """
    notebook = _in_colab(notebook)
    badge = (
        '<a href="https://colab.research.google.com/github/ada/course/blob/main/feedforward.ipynb" target="_parent">'
        '<img src="https://colab.research.google.com/assets/colab-badge.svg" alt="Open In Colab"/></a>'
    )
    first = {"cell_type": "markdown", "metadata": {"id": "view-in-github", "colab_type": "text"}, "source": [badge]}
    notebook["cells"].insert(0, first)
    notebook["metadata"]["colab"]["include_colab_link"] = True
    text = json.dumps(_ordered(notebook, "cells"), indent=2, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e")


def colab_with_titles(notebook: Notebook) -> str:
    """Colab, by a student who gave every cell of code a title ("Add form title"), or renamed the one it had.

    googlecolab/colabtools `notebooks/Classify_an_image_using_Gemini.ipynb`: `#@title` in the first line.
    """
    notebook = _in_colab(notebook)
    for cell in _code_cells(notebook):
        kept = [line for line in cell["source"] if "@title" not in line]
        cell["source"] = [f"{TITLE}\n", *kept]
    return json.dumps(notebook, indent=2, ensure_ascii=False)


def _in_vs_code(notebook: Notebook) -> Notebook:
    notebook["metadata"] = {
        "kernelspec": {"display_name": ".venv", "language": "python", "name": "python3"},
        "language_info": {
            "codemirror_mode": {"name": "ipython", "version": 3},
            "file_extension": ".py",
            "mimetype": "text/x-python",
            "name": "python",
            "nbconvert_exporter": "python",
            "pygments_lexer": "ipython3",
            "version": "3.12.8",
        },
    }
    for cell in notebook["cells"]:
        cell["source"] = [line for line in cell["source"] if line]
    return notebook


def vs_code(notebook: Notebook) -> str:
    """VS Code, which sorts all keys, keeps metadata and ids, and ends the file with a new line.

    microsoft/vscode `extensions/ipynb/src/serializers.ts` and `notebookSerializer.ts`. It keeps the indentation that it
    finds; `notebookModelStoreSync.ts`: a cell whose language was changed says so in `vscode.languageId`.
    """
    notebook = _in_vs_code(notebook)
    plain = next(cell for cell in _code_cells(notebook) if "nbgrader" not in cell["metadata"])
    plain["metadata"]["vscode"] = {"languageId": "shellscript"}
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def vs_code_before_ids(notebook: Notebook) -> str:
    """VS Code of 2021, which lost the ids on saving and still wrote that the format is 4.5.

    microsoft/vscode at 0882f1e5, `extensions/ipynb/src/deserializers.ts`: `getNotebookCellMetadata`.
    """
    notebook = _in_vs_code(notebook)
    notebook["metadata"]["orig_nbformat"] = 4
    for cell in notebook["cells"]:
        del cell["id"]
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def jupyterlab(notebook: Notebook) -> str:
    """JupyterLab 4 and Notebook 7, with what a click on a bar or in the property inspector leaves behind.

    JupyterLab's documentation of `ICodeCellMetadata`; times as the extension jupyterlab-execute-time has them recorded.
    """
    for cell in _code_cells(notebook):
        cell["metadata"].get("jupyter", {}).update(source_hidden=False, outputs_hidden=True)
        cell["metadata"] |= {"collapsed": True, "scrolled": True, "slideshow": {"slide_type": ""}}
        cell["metadata"]["execution"] = {"iopub.execute_input": _TIME, "shell.execute_reply": _TIME}
        cell["metadata"].setdefault("tags", [])
        cell["metadata"].setdefault("editable", True)
    notebook["metadata"]["kernelspec"]["display_name"] = "Python 3 (ipykernel)"
    notebook["metadata"]["language_info"] |= {"version": "3.13.1", "pygments_lexer": "ipython3"}
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def classic_notebook(notebook: Notebook) -> str:
    """Notebook 6.1 and older, which gives every cell a new id on each save.

    jupyter/notebook, pull request 5928.
    """
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"{number:08x}"
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def jupyterlite(notebook: Notebook) -> str:
    """JupyterLite: another kernel, texts as one string, and `trusted`, which no server takes out.

    Public notebooks that JupyterLite saved, and the fixtures of jupyterlite-pyodide-kernel.
    """
    kernel = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
    language = {"codemirror_mode": {"name": "python", "version": 3}, "name": "python", "version": "3.12"}
    notebook["metadata"] = {"kernelspec": kernel, "language_info": language}
    for cell in _code_cells(notebook):
        cell["metadata"]["trusted"] = True
    notebook["cells"] = [_ordered(_with_one_text(cell), "id", "cell_type", "source") for cell in notebook["cells"]]
    return json.dumps(_ordered(notebook, "metadata", "nbformat_minor", "nbformat", "cells"), indent=2)


def pycharm(notebook: Notebook) -> str:
    """PyCharm and DataSpell: metadata first, the id behind the source, and an old language_info.

    Public notebooks whose first cell has PyCharm's `initial_id`; older ones have `pycharm` (gammapy issue 2096).
    """
    for cell in notebook["cells"]:
        cell["metadata"]["pycharm"] = {"name": "#%%\n" if cell["cell_type"] == "code" else "#%% md\n"}
    for cell in _code_cells(notebook):
        cell["metadata"] |= {"collapsed": False, "ExecuteTime": {"start_time": _TIME, "end_time": _TIME}}
    notebook["metadata"]["language_info"] |= {"pygments_lexer": "ipython2", "version": "2.7.6"}
    notebook["cells"] = [
        _ordered(cell, "metadata", "cell_type", "source", "id", "outputs", "execution_count")
        for cell in notebook["cells"]
    ]
    return json.dumps(notebook, indent=1, ensure_ascii=False)


def kaggle(notebook: Notebook) -> str:
    """Kaggle: one line, no ids, format 4.4, texts as one string, and identifiers of its own.

    Public notebooks that were downloaded from Kaggle, with `_cell_guid`, `_uuid`, `trusted` and `kaggle`.
    """
    notebook["metadata"] |= {"kaggle": {"accelerator": "none", "dataSources": [], "language": "python"}}
    cells = []
    for cell in notebook["cells"]:
        cell["metadata"] |= {"_uuid": _hash(cell, 40), "_cell_guid": _hash(cell, 36), "trusted": True}
        del cell["id"]
        cells.append(_ordered(_with_one_text(cell), "cell_type", "source", "metadata"))
    notebook |= {"cells": cells, "nbformat_minor": 4}
    return json.dumps(_ordered(notebook, "metadata", "nbformat_minor", "nbformat", "cells"), separators=(",", ":"))


def deepnote(notebook: Notebook) -> str:
    """Deepnote: format 4.0, its own keys in every cell, outputs also in cells of text, and a last cell with a badge.

    deepnote/deepnote `packages/convert/src/deepnote-to-jupyter.ts`; the last cell as in many public notebooks.
    """
    cells = []
    for number, cell in enumerate(notebook["cells"]):
        cell = _with_one_text(cell)
        own = {
            "cell_id": _hash(cell, 32),
            "deepnote_block_group": f"group-{number}",
            "deepnote_cell_type": cell["cell_type"],
            "deepnote_sorting_key": f"{number:04}",
            "deepnote_content_hash": f"sha256:{_hash(cell, 64)}",
        }
        cells.append(
            {
                "block_group": own["deepnote_block_group"],
                "cell_type": cell["cell_type"],
                "execution_count": cell.get("execution_count"),
                "metadata": {**own, **cell["metadata"], "deepnote_source": cell["source"]},
                "outputs": cell.get("outputs", []),
                "source": cell["source"],
            }
        )
    badge = (
        "<a style='display:flex;' href='https://deepnote.com?utm_source=created-in-deepnote-cell&projectId=d93e6d1f' "
        "target=\"_blank\">\n<img alt='Created in deepnote.com' src='data:image/svg+xml;base64,PD94bWw='> </img>\n"
        "Created in <span style='font-weight:600;margin-left:4px;'>Deepnote</span></a>"
    )
    own = {"created_in_deepnote_cell": True, "deepnote_cell_type": "markdown"}
    cells.append({"cell_type": "markdown", "metadata": own, "source": badge})
    metadata = {"deepnote_notebook_id": OWNER_ID, "deepnote_notebook_name": f"{OWNER}'s notebook"}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 0}, indent=2)


EDITORS: dict[str, Callable[[Notebook], str]] = {
    each.__name__: each
    for each in (
        *(colab, colab_before_ids, colab_to_github, colab_with_titles, vs_code, vs_code_before_ids),
        *(jupyterlab, classic_notebook, jupyterlite, pycharm, kaggle, deepnote),
    )
}


def saved(notebook: Notebook, editor: str) -> str:
    """The file that `editor` would write of `notebook`, which stays as it is."""
    return EDITORS[editor](copy.deepcopy(notebook))
