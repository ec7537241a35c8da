"""How the measured programs are operated: keys, marks on the screen, environment.

Everything that changes when the studio's keys or words change stands here and nowhere else.
A mark must be one word: a terminal program may jump over the blanks of a first frame.
"""

SIZE = (120, 40)

# The studio.
FRAME_START = b"\x1b[?2026h"
FRAME_END = b"\x1b[?2026l"
FIRST_FRAME = b"Blog"            # stands in the list of templates
FOCUS_EDITOR = b"\x1b2"          # alt+2
LEAVE = b"\x11"                  # ctrl+q
GENERATE = [
    b"\r",                       # the form of the highlighted template
    b"Rust terminal apps",       # its first field, the topic
    b"\x07",                     # ctrl+g; the clock of a stream starts here
]
# Text that goes through the journal, then the way out that keeps it for later.
WARM_JOURNAL = [FOCUS_EDITOR, b"a first text for the journal", LEAVE, b"q"]
# Where a folder keeps the journal from being opened.
JOURNAL_LOCK = ("data", "journal.lock")


def environment(home, port=None, scheme="http"):
    """What the studio and the headless commands are started with."""
    env = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": home,
        "COPYDESK_HOME": home,
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
    }
    if port is not None:
        env["OPENAI_BASE_URL"] = f"{scheme}://127.0.0.1:{port}/v1"
        env["OPENAI_API_KEY"] = "x"
        env["OPENAI_MODEL"] = "bench"
    return env


def run_command(binary):
    return [binary, "run", "blog-post", "-i", "topic=Rust terminal apps"]


def curl_command(port):
    url = f"http://127.0.0.1:{port}/v1/chat/completions"
    head = "Content-Type: application/json"
    return ["curl", "-sN", "-H", head, "-d", '{"model":"bench","stream":true}', url]


# Four variants at once: a template of one's own, which the list shows first. Columns need more cells
# than the usual size has.
FOUR_TEMPLATE = ("---\ntitle: Blog in four\nvariants: 4\ninputs:\n  topic: {required: true}\n---\n"
                 "Write about {{ topic }}.\n")
FOUR_COLUMNS = b"|"
WIDE = (240, 60)


# Ten thousand templates: the library is named in the environment of `template list`.
def template(number):
    return (
        f"---\ntitle: Template {number}\ndescription: Number {number} of many.\ntags: [bench]\n"
        "inputs:\n  topic: {label: Topic, required: true}\n---\nWrite about {{ topic }}.\n"
    )


# Ten thousand templates in the studio: what stands in the list once it is there, and words that are
# typed into its filter.
FIRST_OF_TEMPLATES = b"00001"
FILTER = b"/"
RUBOUT = 0x7F
FILTERED = {
    "names": ("harbour", "client-7", "note 00777", "explains things"),
    "letters left out": ("hrbournte", "wrkshop"),
    "a word of bodies": ("hinterland",),
}

# A hundred thousand drafts: their list, the list of documents, keys that draw and change nothing.
TO_DRAFTS = b"\t"
PROBES = (b"\x1b2", b"\x1b1")   # alt+2, alt+1: the Editor and back
SWITCHER = b"\x0f"              # ctrl+o
ESCAPE = b"\x1b"
THERE_AND_BACK = (b"\x1b[D", b"\x1b[C")

# A form: how it is opened, how one goes on in it, and what shows a field in full.
OPEN_FORM = b"\r"
NEXT_FIELD = b"\t"
FIELD_IN_FULL = b"\x1bz"        # alt+z
# A form with one field that takes a file, and the list of what lies in the folder typed there.
FILE_TEMPLATE = ("---\ntitle: Aaform\ninputs:\n  notes: {type: file, label: Notes}\n---\n"
                 "{{ notes }}\n")
PATHS = b"\x1bp"                # alt+p
PATHS_LISTED = b"shown"         # of so many entries not all are shown, which is said
PROMPT_TAB = b"\x14\x1b1"       # ctrl+t, and alt+1 back to the form

# vim, the reference. Its file ends the first screen with a word of its own.
VIM = ["vim", "-u", "NONE", "-i", "NONE", "-n", "FILE"]
VIM_FILE = "".join(f"word line row{n}\n" for n in range(1, 200))
VIM_FIRST_FRAME = b"row39"
VIM_INSERT = b"i"

# A paste: as much text as a person could mean to, its lines ended as a terminal sends them, and a
# last glyph that stands nowhere else.
PASTE_BYTES = 10 * 1024 * 1024
PASTE_LINE = "the terminal never went away, and what is pasted into it is text\r"
PASTE_MARKS = (b"\x1b[200~", b"\x1b[201~")

# Large drafts: lines of prose, one paragraph, and more than anyone writes. Each begins with a word
# that stands nowhere else.
LARGE_MARK = "Qqstart"
LARGE_HEAD = "---\ntitle: Large\nstatus: draft\n---\n" + LARGE_MARK + " "
LARGE_WORDS = {"key": "key to changed screen", "page": "page down"}
_SENTENCE = "the terminal never went away, and what is written in it stays the text of the person. "


def _lines(count):
    return "".join(
        "\n" if number % 9 == 8 else _SENTENCE[:60 + number * 37 % 27] + "and more of it\n"
        for number in range(count)
    )


LARGE_TEXTS = {
    "1 MB of 11,700 lines": _lines(11_700),
    "1 MB in one paragraph": _SENTENCE * (1_000_000 // len(_SENTENCE)),
    "10 MB": _lines(130_000)[:10_000_000],
}

# Letters that stand nowhere in the stream, for typing while it runs.
STRANGERS = "àâäçéèêëîïôöùûüñåæøœß"
# The last glyph of a stream or a paste, nowhere else on the screen.
LAST_GLYPH = "Ω"
