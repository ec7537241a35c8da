//! Templates of one's own without a screen: new, check, path, export, and what runs make of them.

#![cfg(unix)]

mod support;

use copydesk::domain::template::Template;
use support::cli::{Home, Ran};

fn template(home: &Home, args: &[&str]) -> Ran {
    home.run(&[&["template"], args].concat())
}

/// The user message that a run would send.
fn sent(home: &Home, args: &[&str]) -> String {
    let ran = home.run(&[&["run"], args, &["--dry-run"]].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.stdout
}

#[test]
fn a_new_template_is_where_it_says_and_nothing_is_wrong_with_it() {
    let home = Home::new();
    for (args, title) in [
        (&["new", "status-mail"][..], "Status mail"),
        (
            &["new", "acme/cold-email", "--from", "cold-email"][..],
            "Cold email",
        ),
    ] {
        let made = template(&home, args);
        assert_eq!(made.code, 0, "{made:?}");
        let path = made.stdout.trim_end();
        let source = std::fs::read_to_string(path).unwrap();
        assert_eq!(Template::parse("x", path, &source).unwrap().title, title);
        let checked = template(&home, &["check", args[1]]);
        assert_eq!(
            (checked.code, checked.stdout.as_str()),
            (0, ""),
            "{checked:?}"
        );
        assert_eq!(checked.stderr, "nothing wrong with it\n");
        assert_eq!(template(&home, &["path", args[1]]).stdout, made.stdout);
    }
    home.write("prompt.txt", "Say {{this}} and {% that %}.\n");
    let made = template(&home, &["new", "said", "--prompt", "prompt.txt"]);
    assert_eq!(made.code, 0, "{made:?}");
    assert!(sent(&home, &["said"]).contains("Say {{this}} and {% that %}."));
}

#[test]
fn a_new_template_takes_no_name_that_is_taken_or_leads_elsewhere() {
    let home = Home::new();
    home.write("data/templates/mine.md", "Mine.");
    let before = home.everything();
    for (name, told) in [
        ("mine", "already; choose another name"),
        ("blog-post", "already; choose another name"),
        ("../out", "cannot be typed"),
        ("a/../../out", "cannot be typed"),
        ("/tmp/out", "cannot be typed"),
        (".hidden", "cannot be typed"),
        ("", "cannot be typed"),
    ] {
        let ran = template(&home, &["new", name]);
        assert_eq!(ran.code, 2, "{name}: {ran:?}");
        assert!(ran.stderr.contains(told), "{name}: {ran:?}");
    }
    assert_eq!(home.everything(), before);
    for (args, told) in [
        (
            &["new", "x", "--from", "blog-pst"][..],
            "did you mean blog-post?",
        ),
        (&["new", "x", "--prompt", "nowhere"][..], "nowhere"),
    ] {
        let ran = template(&home, args);
        assert_ne!(ran.code, 0, "{ran:?}");
        assert!(ran.stderr.contains(told), "{ran:?}");
    }
    assert_eq!(home.everything(), before);
}

#[test]
fn without_a_terminal_editing_says_so_and_copies_nothing() {
    let home = Home::new();
    let ran = template(&home, &["edit", "blog-post"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(
        ran.stderr.contains("the studio needs a terminal"),
        "{ran:?}"
    );
    assert_eq!(home.everything(), Vec::<String>::new());
}

#[test]
fn a_check_tells_all_problems_of_all_templates_and_ends_with_1() {
    let home = Home::new();
    home.write(
        "data/templates/odd.md",
        "---\ncolour: red\ninputs:\n  a: {type: number, default: x}\n  b: {}\n---\n{{ c }}\n",
    );
    home.write("data/templates/round.md", "{% include \"one\" %} {{ x }}");
    home.write("data/snippets/one.md", "{% include \"two\" %}");
    home.write("data/snippets/two.md", "{% include \"one\" %}");
    let ran = template(&home, &["check"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    for told in [
        "odd.md:2:1: unknown key `colour`",
        "odd.md:4:30: default of `a`: must be a number, not text (error)",
        "snippets/two.md:1:12: snippet `one` includes itself: one → two → one",
    ] {
        assert!(ran.stdout.contains(told), "{told}: {ran:?}");
    }
    assert_eq!(ran.stdout.lines().count(), 3, "{ran:?}");
    assert!(
        ran.stderr.starts_with("something is wrong with 2 of "),
        "{ran:?}"
    );
    let json = template(&home, &["check", "odd", "--json"]);
    assert_eq!(json.code, 1);
    let rows = json.json();
    assert_eq!(
        (&rows[0]["line"], &rows[0]["severity"]),
        (&2.into(), &"warning".into())
    );
    assert_eq!(rows.as_array().unwrap().len(), 2);
    assert_eq!(template(&home, &["check", "none"]).code, 2);
}

#[test]
fn nothing_is_wrong_with_what_comes_with_copydesk() {
    let ran = template(&Home::new(), &["check"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{ran:?}");
}

#[test]
fn places_are_told_for_what_has_one() {
    let home = Home::new();
    home.write("data/templates/a.md", "A.");
    home.write(
        "data/drafts/2026-11-24-note.md",
        "---\ntitle: Note\n---\nText.\n",
    );
    let of = |args: &[&str]| home.run(args).stdout;
    let below = |path: &str| format!("{}\n", home.path(path).display());
    assert_eq!(of(&["template", "path"]), below("data/templates"));
    assert_eq!(of(&["template", "path", "a"]), below("data/templates/a.md"));
    assert_eq!(of(&["draft", "path"]), below("data/drafts"));
    assert_eq!(
        of(&["draft", "path", "note"]),
        below("data/drafts/2026-11-24-note.md")
    );
    let shipped = template(&home, &["path", "blog-post"]);
    assert_eq!(shipped.code, 2, "{shipped:?}");
    assert!(
        shipped
            .stderr
            .contains("has no file; `copydesk template edit blog-post`")
    );
}

const CHOICES: &str = "---\ninputs:\n  nets: {type: choices, options: [X, LinkedIn, \"Blog, long\"], required: true}\n  \
                       day: {type: date, default: \"2026-11-24\"}\n  code: {pattern: \"[A-Z]{2}-[0-9]+\", default: AB-1}\n  \
                       name: {min: 2, max: 5}\n---\nFor {{ nets | join(\", \") }} on {{ day }}: {{ code }} {{ name }}.\n{% for net in nets %}- {{ net }}\n{% endfor %}";

#[test]
fn several_choices_are_given_one_by_one_or_with_commas() {
    let home = Home::new();
    home.write("data/templates/t.md", CHOICES);
    for args in [
        &["t", "-i", "nets=LinkedIn", "-i", "nets=x"][..],
        &["t", "-i", "nets=linkedin, X"],
        &["t", "-i", "nets=X\nLinkedIn"],
    ] {
        let sent = sent(&home, args);
        assert!(
            sent.contains("For X, LinkedIn on 2026-11-24: AB-1"),
            "{sent}"
        );
        assert!(sent.contains("- X\\n- LinkedIn"), "{sent}");
    }
    let one = sent(&home, &["t", "-i", "nets=Blog, long"]);
    assert!(one.contains("For Blog, long on"), "{one}");
    for (args, told) in [
        (&["-i", "nets=Y"][..], "`Y` is not one of X, LinkedIn"),
        (&["-i", "nets="][..], "`t` needs nets (Nets)"),
        (&[][..], "`t` needs nets (Nets)"),
        (
            &["-i", "nets=X", "-i", "day=2026-02-30"][..],
            "`2026-02-30` is no day of the calendar",
        ),
        (
            &["-i", "nets=X", "-i", "day=someday"][..],
            "`someday` is not a date such as 2026-11-24",
        ),
        (
            &["-i", "nets=X", "-i", "code=ab-1"][..],
            "does not match the pattern `[A-Z]{2}-[0-9]+`",
        ),
        (
            &["-i", "nets=X", "-i", "name=abcdef"][..],
            "has 6 characters; at most 5 are allowed",
        ),
        (
            &["-i", "nets=X", "-i", "name=a"][..],
            "has 1 characters; at least 2 are needed",
        ),
    ] {
        let ran = home.run(&[&["run", "t"], args, &["--dry-run"]].concat());
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.stderr.contains(told), "{told}: {ran:?}");
    }
}

#[test]
fn several_choices_are_a_list_in_a_draft_and_read_back() {
    let home = Home::new();
    home.write("data/templates/t.md", CHOICES);
    let ran = home.run(&[
        "run",
        "t",
        "-i",
        "nets=X, LinkedIn",
        "-p",
        "practice",
        "--save",
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let source = std::fs::read_to_string(&home.drafts()[0]).unwrap();
    assert!(source.contains("nets: [X, LinkedIn]"), "{source}");
    let draft = copydesk::domain::draft::Draft::parse(&source);
    let brief = &draft.provenance().unwrap().brief;
    assert_eq!(brief.get("nets").unwrap().to_string(), "X, LinkedIn");
}

#[test]
fn a_template_is_given_out_and_never_over_a_file() {
    let home = Home::new();
    home.write("data/templates/acme/mail.md", "Write $5 to {{ who }}.\n");
    home.write("data/templates/broken.md", "{{");
    home.write("data/snippets/voice.md", "Be brief.");
    let shown = template(&home, &["export", "acme/mail"]);
    assert_eq!(
        (shown.code, shown.stdout.as_str()),
        (0, "Write $5 to {{ who }}.\n")
    );
    let llm = template(&home, &["export", "acme/mail", "--as", "llm"]);
    assert_eq!(
        (llm.code, llm.stdout.as_str()),
        (0, "prompt: \"Write $$5 to ${who}.\"\n")
    );
    let one = template(&home, &["export", "acme/mail", "-o", "mail.md"]);
    assert_eq!((one.code, one.stdout.as_str()), (0, "mail.md\n"));
    let again = template(&home, &["export", "acme/mail", "-o", "mail.md"]);
    assert_eq!(again.code, 2, "{again:?}");
    assert!(
        again
            .stderr
            .contains("mail.md: there already, so nothing was written")
    );
    let many = template(&home, &["export", "acme/mail", "blog-post", "-o", "out"]);
    assert_eq!(
        (many.code, many.stdout.as_str()),
        (0, "out/acme/mail.md\nout/blog-post.md\n")
    );
    assert_eq!(
        template(&home, &["export", "acme/mail", "blog-post"]).code,
        2
    );
    let all = template(&home, &["export", "--all", "-o", "whole"]);
    assert_eq!(all.code, 0, "{all:?}");
    let mut whole = home.everything();
    whole.retain(|path| path.starts_with("whole/"));
    assert_eq!(
        whole,
        [
            "whole/snippets/voice.md",
            "whole/templates/acme/mail.md",
            "whole/templates/broken.md"
        ]
    );
    let twice = template(&home, &["export", "--all", "-o", "whole"]);
    assert_eq!(twice.code, 2, "{twice:?}");
    assert!(
        twice.stderr.contains("and 2 more: there already"),
        "{twice:?}"
    );
    let llm = template(&home, &["export", "--all", "-o", "for-llm", "--as", "llm"]);
    assert_eq!(
        (llm.code, llm.stdout.as_str()),
        (1, "for-llm/acme-mail.yaml\n"),
        "{llm:?}"
    );
    assert!(
        llm.stderr.contains("left out: ") && llm.stderr.contains("broken.md:1:"),
        "{llm:?}"
    );
}

#[test]
fn a_library_that_was_given_out_can_be_used_as_one() {
    let home = Home::new();
    home.write("data/templates/t.md", "{% include \"voice\" %} {{ x }}");
    home.write("data/snippets/voice.md", "Be brief.");
    assert_eq!(template(&home, &["export", "--all", "-o", "whole"]).code, 0);
    let sent = sent(&home, &["t", "-i", "x=1", "--library", "whole"]);
    assert!(sent.contains("Be brief. 1"), "{sent}");
}

#[test]
fn what_comes_with_copydesk_can_be_given_to_llm_and_read_back() {
    let home = Home::new();
    let list = template(&home, &["list", "--json"]).json();
    for row in list.as_array().unwrap() {
        let name = row["name"].as_str().unwrap();
        let ran = template(&home, &["export", name, "--as", "llm", "-o", "llm/"]);
        assert_eq!(ran.code, 0, "{name}: {ran:?}");
    }
    let ran = template(&home, &["import", "llm", "--write"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let checked = template(&home, &["check"]);
    assert_eq!(checked.code, 0, "{checked:?}");
}

#[test]
fn there_is_a_manual_page_for_every_command() {
    let home = Home::new();
    let main = home.run(&["man"]);
    assert_eq!(main.code, 0, "{main:?}");
    assert!(main.stdout.contains(".TH copydesk 1"), "{main:?}");
    let import = home.run(&["man", "template", "import"]);
    assert!(
        import
            .stdout
            .contains(".SH NAME\ncopydesk\\-template\\-import"),
        "{import:?}"
    );
    assert_eq!(home.run(&["man", "nothing"]).code, 2);
    let all = home.run(&["man", "--dir", "man"]);
    assert_eq!(all.code, 0, "{all:?}");
    assert!(
        all.stdout.contains("man/copydesk.1\n")
            && all.stdout.contains("man/copydesk-template-import.1\n")
    );
    assert_ne!(home.run(&["man", "--dir", "man"]).code, 0);
}

#[test]
fn what_a_verb_for_parts_cannot_do_is_said() {
    let home = Home::new();
    home.write(
        "data/templates/refine/two.md",
        "---\nvariants: 2\nmodel: [a, b]\ninputs:\n  part: {type: text}\n---\n{{ part }}\n",
    );
    let ran = template(&home, &["check", "refine/two"]);
    let told = [ran.stdout.as_str(), &ran.stderr].concat();
    assert!(told.contains("`variants` has no effect here"), "{told}");
    assert!(
        told.contains("a list of models has no effect here"),
        "{told}"
    );
    assert_eq!(ran.code, 1);
}
