"""Writes small course packs for tests: two modules, three lessons, and one lesson with every block type."""

import hashlib
import uuid
import zipfile
from io import BytesIO
from pathlib import Path

from PIL import Image

VTT = b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10"/></svg>'


def uid(name: str) -> str:
    """The id that tests give to the thing of this name."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def png(colour: str = "red") -> bytes:
    file = BytesIO()
    Image.new("RGB", (4, 3), colour).save(file, "PNG")
    return file.getvalue()


def lesson(name: str, body: str | None = None, front: str = "") -> str:
    body = f"<!-- block text {uid(name + ' text')} -->\n\nWords of {name}.\n" if body is None else body
    return f"---\nid: {uid(name)}\ntitle: {name.title()}\nslug: {name}\n{front}---\n\n{body}"


def write_pack(root: Path, *, course: str = "", files: dict[str, str | bytes] | None = None) -> Path:
    """A good pack at ``root``; ``course`` adds lines to course.yml, ``files`` replaces and adds files by path."""
    contents: dict[str, str | bytes] = {
        "course.yml": (
            f"format: coursepack/1\nid: {uid('course')}\ntitle: A Course\nslug: a-course\nlocale: en\n{course}"
            "modules:\n  - one\n  - two\n"
        ),
        "modules/one/module.yml": (f"id: {uid('one')}\ntitle: One\nslug: one\nlessons:\n  - alpha.md\n  - beta.md\n"),
        "modules/one/alpha.md": lesson("alpha"),
        "modules/one/beta.md": lesson("beta"),
        "modules/two/module.yml": f"id: {uid('two')}\ntitle: Two\nslug: two\nlessons:\n  - gamma.md\n",
        "modules/two/gamma.md": lesson("gamma"),
    } | (files or {})
    for name, content in contents.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def media_list(files: dict[str, bytes]) -> str:
    return "".join(f"{name}\t{hashlib.sha256(content).hexdigest()}\n" for name, content in files.items())


def zip_pack(folder: Path, path: Path, prefix: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, prefix + str(file.relative_to(folder)))
    return path


MEDIA: dict[str, bytes] = {
    "red.png": png("red"),
    "drawing.svg": SVG,
    "film.mp4": b"not really a film",
    "sound.mp3": b"not really sound",
    "sheet.pdf": b"%PDF-1.4 not really",
    "film.vtt": VTT,
}

EVERY_BLOCK = f"""\
<!-- block text {uid("prose")} {{is_required: false, time_limit: 5}} -->

Prose with a [link](beta.md).

```python
print("not a block")
```

```{{text}} {uid("rich")}
html: <h2>Rich</h2><p>Words <b>here</b>.</p>
time_limit: 4
```

```{{text}} {uid("markdown in text")}
markdown: "Kept \\n\\nexactly  "
```

```{{markdown}} {uid("markdown")}
markdown: |
  # Heading

  | a | b |
  | - | - |
  | 1 | 2 |
```

```{{image}} {uid("image")}
src: red.png
alt: A red field
caption: Red
```

```{{image}} {uid("decoration")}
src: drawing.svg
is_decorative: true
is_required: no
```

```{{video}} {uid("film")}
title: A film
src: film.mp4
duration: 12.5
poster: red.png
captions:
  - src: film.vtt
    language: en
    label: English
transcript: Hello & goodbye.
```

```{{video}} {uid("hosted")}
title: On YouTube
provider: youtube
ref: bVFfcYh6UBw
```

```{{audio}} {uid("audio")}
title: Sound
src: sound.mp3
transcript: <p>Spoken <i>words</i>.</p>
```

```{{file}} {uid("file")}
src: sheet.pdf
title: Worksheet
description: Print it.
```

```{{embed}} {uid("embed")}
url: https://vimeo.com/76979871
title: A talk
```

```{{code}} {uid("code")}
code: |
  def f():
      return "```"
language: python
caption: A function
```

```{{table}} {uid("table")}
caption: Numbers
rows:
  - [Name, Value]
  - [One, 1]
  - [Two]
header_column: true
```

```{{callout}} {uid("callout")}
kind: tip
title: Remember
text: <p>Breathe.</p>
```

```{{quiz}} {uid("quiz")}
title: All questions
introduction: Five of them.
pass_percent: 60
attempts_allowed: 3
time_limit: 10
shuffle_questions: true
shuffle_choices: true
questions:
  - id: {uid("single")}
    type: single
    prompt: Which?
    points: 2
    explanation: This one.
    choices:
      - text: This
        correct: true
        feedback: Yes.
      - text: That
        feedback: No.
  - id: {uid("multiple")}
    type: multiple
    prompt: Which ones?
    choices:
      - id: {uid("choice")}
        text: '1'
        correct: true
      - text: '2'
        correct: true
      - text: '3'
  - id: {uid("two choices")}
    type: true_false
    prompt: Is it so?
    choices:
      - text: 'True'
        feedback: Look again.
      - text: 'False'
        correct: true
  - id: {uid("answer")}
    type: true_false
    prompt: And this?
    answer: true
    feedback_false: It is.
  - id: {uid("short")}
    type: short_text
    prompt: The word?
    answers: [yes, Yes please]
    is_case_sensitive: true
  - id: {uid("numeric")}
    type: numeric
    prompt: How many?
    number: 1.5
    tolerance: 0.1
    unit: kg
```
"""

FULL_COURSE = """\
license: CC-BY-4.0
summary: Two sentences. For the card.
description: <p>What it is <b>about</b>.</p>
cover: red.png
categories:
  - Selling
  - {name: Customer care, slug: care}
level: advanced
language: en-GB
tags: [calls, e-mail]
instructors:
  - name: Ada Moss
    role: Coach
    biography: Ada has taught for years.
    photo: drawing.svg
  - Bo Lind
objectives: [Ask well, Listen well]
prerequisites: [None at all]
minutes: 90
passing_percentage: 65
time_limit: 600
completion_deadline: 2030-12-31
completion_days: 30
expires_after_days: 14
progression: in_order
access: invitation
certificate: false
certificate_validity_months: 24
release_mode: automatic
release_policy: not_started
delta_training: offered
is_reviewed_as_whole: true
source: here/and/there
"""


def write_full_pack(root: Path, *, course: str = FULL_COURSE, files: dict[str, str | bytes] | None = None) -> Path:
    """A pack that uses every key and every block type."""
    everything: dict[str, str | bytes] = {
        "modules/one/alpha.md": lesson(
            "alpha", EVERY_BLOCK, "summary: All of it.\nminutes: 25\nsource: one/alpha.md\n"
        ),
        "modules/one/beta.md": lesson("beta", front="source: one/beta.md\n"),
        "media.tsv": media_list(MEDIA),
        **{f"media/{name}": content for name, content in MEDIA.items()},
    }
    return write_pack(root, course=course, files=everything | (files or {}))
