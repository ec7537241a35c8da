"""Libraries as people have them, only larger: templates and drafts that are made, not kept.

The same number always makes the same text, so that two runs measure the same thing.
"""

import os

TEMPLATES = 10_000
DRAFTS = 100_000
# Stands in every seventh template's body, and nowhere else.
BODY_WORD = "hinterland"
# What drafts say: one word in very few of them, one in every third.
RARE, RARE_IN = "zanzibar", 7
COMMON, COMMON_EVERY = "lighthouse", 3
# What the line begins with that says it: stands nowhere else.
MARKS = {RARE: "Qqrare", COMMON: "Qqcommon"}

_NOUNS = ("launch", "invoice", "harbour", "garden", "release", "survey", "kitchen", "ledger",
          "bridge", "archive", "voyage", "workshop", "signal", "meadow", "engine", "letter")
_VERBS = ("opens", "changes", "explains", "answers", "follows", "settles", "carries", "shows")
_SENTENCE = ("The {0} {1} the {2} before anyone asks, and what the {3} holds is told in numbers "
             "that a reader can check. ")


def _word(words, number, step):
    return words[(number * step + number // len(words)) % len(words)]


def _prose(number, length):
    """Plain sentences that differ from text to text."""
    sentences, size, at = [], 0, number
    while size < length:
        sentence = _SENTENCE.format(_word(_NOUNS, at, 7), _word(_VERBS, at, 3),
                                    _word(_NOUNS, at, 5), _word(_NOUNS, at, 11))
        sentences.append(sentence + ("\n\n" if at % 5 == 4 else ""))
        size += len(sentence)
        at += 1
    return "".join(sentences)


def template(number):
    """Between one and two kilobytes, with inputs and tags."""
    noun, verb = _word(_NOUNS, number, 7), _word(_VERBS, number, 3)
    word = f"Mention the {BODY_WORD}.\n" if number % 7 == 0 else ""
    return (
        f"---\ntitle: {noun.capitalize()} note {number:05}\n"
        f"description: Tells a customer how the {noun} {verb} things.\n"
        f"tags: [{_word(_NOUNS, number, 5)}, client-{number % 40}]\n"
        "system: |-\n  You write plainly and invent nothing.\n"
        "inputs:\n"
        "  topic: {label: Topic, required: true, help: What is it about?}\n"
        "  tone: {type: choice, label: Tone, options: [plain, warm, formal], default: plain}\n"
        "  points: {type: text, rows: 4, label: Key points}\n"
        "  words: {type: number, label: Words, min: 50, max: 2000, default: 300}\n"
        "---\n"
        "Write a {{ tone }} note of {{ words }} words about {{ topic }}.\n\n" + word
        + "{% if points %}Say this:\n{% for point in points | lines %}- {{ point }}\n{% endfor %}"
        "{% endif %}\n" + _prose(number, 300 + number % 10 * 90) + "\n"
    )


def templates(library):
    """Ten thousand of them, in forty folders and in none."""
    root = os.path.join(library, "templates")
    for client in range(40):
        os.makedirs(os.path.join(root, f"client-{client:02}"))
    for number in range(TEMPLATES):
        folder = f"client-{number % 40:02}" if number % 2 else "."
        with open(os.path.join(root, folder, f"note-{number:05}.md"), "w") as out:
            out.write(template(number))


def says(word, number):
    """Whether a draft says a word of these two."""
    if word == RARE:
        return number % (DRAFTS // RARE_IN) == 4_000
    return number % COMMON_EVERY == 0


def draft(number):
    """About 2.9 kilobytes, with the front matter that the studio gives it."""
    day = f"2025-{1 + number // 28 % 12:02}-{1 + number % 28:02}"
    noun = _word(_NOUNS, number, 7)
    said = "".join(f"{mark} it says {word} in this line.\n"
                   for word, mark in MARKS.items() if says(word, number))
    return (
        f"---\ntitle: About the {noun} {number:06}\nstatus: draft\n"
        f"tags: [{_word(_NOUNS, number, 5)}]\n"
        f"created: {day}T09:{number % 60:02}:00Z\nupdated: {day}T10:{number % 60:02}:00Z\n"
        "---\n" + _prose(number, 1_340) + "\n" + said + _prose(number + 9, 1_340) + "\n"
    )


def drafts(library):
    """A hundred thousand: a half where the studio puts them, a half sorted into folders."""
    root = os.path.join(library, "drafts")
    for client in range(100):
        os.makedirs(os.path.join(root, f"client-{client:02}"))
    for number in range(DRAFTS):
        folder = f"client-{number % 100:02}" if number % 2 else "."
        day = f"2025-{1 + number // 28 % 12:02}-{1 + number % 28:02}"
        file = os.path.join(root, folder, f"{day}-about-{number:06}.md")
        with open(file, "w") as out:
            out.write(draft(number))


# The label of the last input of the form, and what its preview ends with.
FORM_INPUTS = 30


def form():
    """A template with thirty inputs of every kind that is typed, all of them in what it says."""
    kinds = ("{label: Line %d}", "{type: text, rows: 3, label: Text %d}",
             "{type: number, label: Number %d}",
             "{type: choice, label: Choice %d, options: [plain, warm, formal], default: plain}",
             "{type: toggle, label: Toggle %d}")
    inputs = "".join(f"  in{number:02}: {kinds[number % 5] % number}\n"
                     for number in range(1, FORM_INPUTS))
    said = "".join(
        f"Part {number}: {{% if in{number:02} %}}it says {{{{ in{number:02} }}}} here{{% endif %}}. "
        + _prose(number, 60) + "\n" for number in range(1, FORM_INPUTS))
    return (f"---\ntitle: Aaform\nsystem: You write plainly.\ninputs:\n"
            "  body: {type: text, rows: 6, label: Body}\n" + inputs
            + "---\nWrite about {{ body }}\n" + said)
