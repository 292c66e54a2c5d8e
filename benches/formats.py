"""Reads the same documents with ibid and with its peers in one run: Word, HTML and Markdown with pandoc, the pages
of a PDF with pdftotext. Tells how much processor time each takes and how much memory.

    cargo build --release
    python3 benches/formats.py [--ibid PATH] [FILE …]

Without files it makes its own: a commentary with a note in every 120 words, 1,000 in all, in each format; as a PDF
it has 500 pages. Every measurement of those first proves its answer: all notes are found, with their text and their
addresses. A peer that is not installed is left out, with a message. Times are those of whole processes, start
included, the best of three. It needs GNU time as /usr/bin/time.
"""

import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib

TIME = "/usr/bin/time"
PAGES = 500
NOTES = 1000
WORDS = (
    "harbour quay toll council ledger county archive deed charter merchant customs northern coast pilot barge "
    "winter treaty border minister budget inquiry court witness evidence railway election ballot reform export "
    "between although because several another through against without according considered remained published"
).split()


def words(rng, count):
    return " ".join(rng.choice(WORDS) for _ in range(count)).capitalize()


def commentary():
    """Paragraphs, each a list of (text, note, its address)."""
    rng = random.Random(7)
    paragraphs = []
    for number in range(1, NOTES + 1):
        if number % 2 == 1:
            paragraphs.append([])
        url = f"https://paper.example/2024/{number}/{rng.choice(WORDS)}"
        note = f"{words(rng, 2)}, “{words(rng, 6)}”, in The Ledger, {number % 28 + 1} May 2024, {url}."
        text = " ".join(words(rng, 20) + "." for _ in range(6))
        paragraphs[-1].append((text, note, url))
    return paragraphs


def markdown(paragraphs, path):
    number, body, notes = 0, [], []
    for paragraph in paragraphs:
        text = ""
        for sentence, note, _ in paragraph:
            number += 1
            text += f"{sentence}[^{number}] "
            notes.append(f"[^{number}]: {note}\n")
        body.append(text + "\n")
    path.write_text("\n".join(body + notes))


def html(paragraphs, path):
    number, body, notes = 0, [], []
    for paragraph in paragraphs:
        text = ""
        for sentence, note, url in paragraph:
            number += 1
            text += f'{sentence}<sup><a href="#fn{number}" id="fnref{number}">{number}</a></sup> '
            linked = note.replace(url, f'<a href="{url}">{url}</a>')
            notes.append(f'<li id="fn{number}"><p>{linked} <a href="#fnref{number}">↩</a></p></li>')
        body.append(f"<p>{text}</p>")
    lines = ["<!DOCTYPE html>", '<html><head><meta charset="utf-8"><title>Tolls</title></head><body>', *body]
    path.write_text("\n".join([*lines, "<ol>", *notes, "</ol></body></html>"]))


def docx(paragraphs, path):
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    number, body, notes = 0, [], []
    for paragraph in paragraphs:
        runs = ""
        for sentence, note, _ in paragraph:
            number += 1
            runs += f'<w:r><w:t xml:space="preserve">{sentence}</w:t></w:r>'
            runs += f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'
            notes.append(
                f'<w:footnote w:id="{number}"><w:p><w:r><w:footnoteRef/></w:r>'
                f'<w:r><w:t xml:space="preserve"> {note}</w:t></w:r></w:p></w:footnote>'
            )
        body.append(f"<w:p>{runs}</w:p>")
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{word}.document.main+xml"/>'
        f'<Override PartName="/word/footnotes.xml" ContentType="{word}.footnotes+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/footnotes" Target="footnotes.xml"/></Relationships>',
        "word/document.xml": f"<w:document {space}><w:body>{''.join(body)}</w:body></w:document>",
        "word/footnotes.xml": f"<w:footnotes {space}>{''.join(notes)}</w:footnotes>",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)


def pdf(paragraphs, path):
    """One column in Courier, whose letters are all as wide: two notes below the text of each page."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", None]
    encoding = "/Encoding /WinAnsiEncoding"
    objects.append(f"<< /Type /Font /Subtype /Type1 /BaseFont /Courier {encoding} >>")
    kids, number = [], 0
    for paragraph in paragraphs[:PAGES]:
        shown, links, notes = [], [], []

        def show(x, y, size, text):
            escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
            shown.append(f"BT /F {size} Tf {x:.2f} {y:.2f} Td ({escaped}) Tj ET")

        y = 760
        for sentence, note, url in paragraph:
            number += 1
            notes.append((number, note, url))
            lines = wrapped(sentence, 75)
            for line in lines:
                show(70, y, 10, line)
                y -= 13
            show(70 + 6 * len(lines[-1]), y + 13 + 4, 6, str(number))
        y = 70 + 10 * sum(len(wrapped(note, 90)) for _, note, _ in notes)
        shown.append(f"70 {y + 12} m 220 {y + 12} l S")
        for label, note, url in notes:
            show(70, y + 3, 5, str(label))
            for line in wrapped(note, 90):
                show(82, y, 8, line)
                if "https://" in line:
                    x = 82 + 4.8 * line.index("https://")
                    box = f"[{x:.1f} {y - 2} {x + 4.8 * len(url):.1f} {y + 8}]"
                    links.append(
                        f"<< /Type /Annot /Subtype /Link /Rect {box} /A << /S /URI /URI ({url}) >> >>"
                    )
                y -= 10
        stream = zlib.compress("\n".join(shown).encode("cp1252"))
        head = f"<< /Length {len(stream)} /Filter /FlateDecode >>\nstream\n".encode()
        objects.append(head + stream + b"\nendstream")
        content = len(objects)
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> "
            f"/Contents {content} 0 R /Annots [{' '.join(links)}] >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>"
    out, places = bytearray(b"%PDF-1.7\n"), []
    for at, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{at} 0 obj\n".encode() + (body if isinstance(body, bytes) else body.encode()) + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    path.write_bytes(out)


def wrapped(text, width):
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + word
    return lines


def prove(ibid, path, paragraphs):
    """Whether every note is found with its text and its address."""
    told = subprocess.run([ibid, "extract", path, "--format", "json"], stdout=subprocess.PIPE, check=True).stdout
    notes = json.loads(told)["documents"][0]["notes"]
    want = [(note, [url]) for paragraph in paragraphs for _, note, url in paragraph]
    got = [(note["text"], [url for c in note["citations"] for url in c["urls"]]) for note in notes]
    wrong = sum(a != b for a, b in zip(want, got)) + abs(len(want) - len(got))
    if wrong:
        differs = next((pair for pair in zip(want, got) if pair[0] != pair[1]), None)
        sys.exit(f"{path.name}: {wrong} of {len(want)} notes are not read as they were written: {differs}")


def measure(command):
    """Processor seconds and peak memory in MiB, the best of three; by a small program, since a child of this one
    would be charged for its memory, too."""
    best = None
    for _ in range(3):
        timed = [TIME, "-f", "%U %S %M", *command]
        done = subprocess.run(timed, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            return None
        user, system, memory = done.stderr.splitlines()[-1].split()
        took = (float(user) + float(system), int(memory) / 1024)
        best = min(best or took, took)
    return best


def main():
    given = sys.argv[1:]
    ibid = "target/release/ibid"
    if given[:1] == ["--ibid"]:
        ibid, given = given[1], given[2:]
    for program in (ibid, TIME):
        if not shutil.which(program):
            sys.exit(f"{program} is not there: cargo build --release, or --ibid PATH; GNU time")
    with tempfile.TemporaryDirectory() as folder:
        files = [pathlib.Path(name) for name in given]
        if not files:
            paragraphs = commentary()
            for name, write in {"docx": docx, "html": html, "md": markdown, "pdf": pdf}.items():
                files.append(pathlib.Path(folder) / f"commentary.{name}")
                write(paragraphs, files[-1])
                prove(ibid, files[-1], paragraphs)
        print(f"{'file':28}{'KiB':>8}  {'with':10}{'CPU s':>8}{'MiB':>7}{'ibid is':>15}")
        for path in files:
            peer = ["pdftotext", path, os.devnull] if path.suffix == ".pdf" else ["pandoc", path, "-t", "json"]
            own = measure([ibid, "extract", path, "--format", "json"])
            if own is None:
                print(f"{path.name:28} ibid cannot read it")
                continue
            print(f"{path.name[:27]:28}{path.stat().st_size // 1024:8}  {'ibid':10}{own[0]:8.2f}{own[1]:7.0f}")
            if not shutil.which(peer[0]):
                print(f"{'':38}{peer[0]} is not installed: not compared")
                continue
            other = measure(peer)
            if other is None:
                print(f"{'':38}{peer[0]} cannot read it")
                continue
            ratio = f"{other[0] / max(own[0], 0.01):.1f} × as fast"
            print(f"{'':38}{peer[0]:10}{other[0]:8.2f}{other[1]:7.0f}{ratio:>15}")


main()
