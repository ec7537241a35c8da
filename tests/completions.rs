//! Completions: names come from the library as it is, and the shells that are here take the
//! scripts. A shell that is not here is named and left out.

#![cfg(unix)]

mod support;

use pretty_assertions::assert_eq;
use std::process::Command;
use support::cli::{Home, ran};

/// A library with a template, drafts and two briefs of the person's own.
fn home() -> Home {
    let home = Home::new();
    home.write(
        "data/templates/acme/tea.md",
        "---\ntitle: Tea\n---\nOf {{ tea }}.\n",
    );
    home.write("data/drafts/2026-green tea.md", "# Green tea\n");
    home.write("data/drafts/blue.md", "# Blue: kettles\n");
    home.write(
        "data/briefs/acme/tea/client-acme.yaml",
        "title: Client Acme\nvalues: {tea: green}\n",
    );
    home.write(
        "data/briefs/blog-post/weekly.yaml",
        "title: Weekly\nvalues: {topic: news}\n",
    );
    home
}

/// The names that the last of these words can be.
fn names(home: &Home, words: &[&str]) -> Vec<String> {
    let ran = home.run(&[&["complete", "--"], words].concat());
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{words:?}");
    let lines = ran.stdout.lines();
    lines
        .map(|line| line.split('\t').next().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn a_word_completes_to_the_names_that_can_stand_there() {
    let home = home();
    for (words, expected) in [
        (&["run", "acme"][..], &["acme/tea"][..]),
        (&["run", "blog"], &["blog-post"]),
        (&["run", "acme/tea", ""], &[]),
        (&["run", "acme/tea", "--brief", ""], &["client-acme"]),
        (
            &["run", "acme/tea", "-i", "tea=x", "--brief", "cli"],
            &["client-acme"],
        ),
        (&["run", "acme/tea", "--brief", "=", "c"], &["client-acme"]),
        (&["run", "acme/tea", "--brief=c"], &["--brief=client-acme"]),
        (&["run", "blog-post", "--brief", ""], &["weekly"]),
        (&["run", "--brief", "cli"], &["client-acme"]),
        (&["run", "acme/tea", "-i", ""], &["tea="]),
        (&["run", "blog-post", "--input", "aud"], &["audience="]),
        (
            &["run", "blog-post", "-i", "topic=x", "-f", "po"],
            &["points="],
        ),
        (&["run", "acme/tea", "--input=t"], &["--input=tea="]),
        (&["run", "acme/tea", "-i", "tea=gr"], &[]),
        (&["run", "-i", "t"], &[]),
        (&["run", "nothing", "-i", ""], &[]),
        (&["run", "--model", "acme"], &[]),
        (&["run", "-m", "x", "acme"], &["acme/tea"]),
        (&["run", "-"], &[]),
        (&["template", "show", "acme"], &["acme/tea"]),
        (&["template", "check", "blog-post", "acme"], &["acme/tea"]),
        (
            &["template", "new", "mine", "--from", "acme"],
            &["acme/tea"],
        ),
        (&["template", "new", "acme"], &[]),
        (&["template", "import", "acme"], &[]),
        (&["draft", "show", ""], &["2026-green tea", "blue"]),
        (&["draft", "show", "2026-green\\ t"], &["2026-green tea"]),
        (&["draft", "show", "\"2026-green t"], &["2026-green tea"]),
        (&["draft", "restore", "blue", ""], &[]),
        (&["draft", "export", "blue", "2026"], &["2026-green tea"]),
        (&["--library", "/nowhere", "draft", "show", ""], &[]),
        (&["draft", "search", "blue"], &[]),
        (&["nonsense", "blue"], &[]),
        (&[""], &[]),
        (&[], &[]),
    ] {
        let mut found = names(&home, words);
        found.sort();
        assert_eq!(found, expected, "{words:?}");
    }
    assert!(!home.path("config").exists(), "completing makes no file");
}

/// What a shell prints for a script, with `$S` the completions and `$C` the program; `None` where
/// the shell is not installed.
fn shell(home: &Home, shell: &str, args: &[&str], script: &str) -> Option<String> {
    let completions = home.run(&["completions", shell]).stdout;
    let file = home.write(&format!("script.{shell}"), &completions);
    let mut command = home.command_of(std::path::Path::new(shell));
    command
        .env("S", file)
        .env("C", env!("CARGO_BIN_EXE_copydesk"));
    let output = Command::output(command.args(args).args(["-c", script]));
    let Ok(output) = output else {
        left_out(shell);
        return None;
    };
    let ran = ran(&output);
    let told = (ran.code, ran.stderr.as_str());
    assert_eq!(told, (0, ""), "{shell}: {script}");
    Some(ran.stdout)
}

#[expect(clippy::print_stderr, reason = "whoever runs the test is to know")]
fn left_out(shell: &str) {
    eprintln!("left out: {shell} is not installed");
}

#[test]
fn each_shell_that_is_here_takes_its_script() {
    let home = home();
    for (name, script) in [
        ("bash", "bash -n \"$S\""),
        ("zsh", "zsh -n \"$S\""),
        ("fish", "fish --no-execute $S"),
    ] {
        if let Some(told) = shell(&home, name, &[], script) {
            assert_eq!(told, "", "{name}");
        }
    }
    for other in ["elvish", "powershell"] {
        assert!(
            home.run(&["completions", other])
                .stdout
                .contains("copydesk")
        );
    }
}

#[test]
fn bash_completes_names_and_still_knows_commands_and_flags() {
    let home = home();
    let completed = |line: &str| {
        let words = format!(
            "source \"$S\"; COMP_WORDS=(\"$C\" {line}); COMP_CWORD=$((${{#COMP_WORDS[@]}}-1)); \
             _copydesk_names \"$C\" \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"; \
             printf '%s\\n' \"${{COMPREPLY[@]}}\""
        );
        shell(&home, "bash", &["--norc"], &words)
    };
    let Some(names) = completed("run acme") else {
        return;
    };
    assert_eq!(names, "acme/tea\n");
    assert_eq!(
        completed("run acme/tea --brief ''").unwrap(),
        "client-acme\n"
    );
    assert_eq!(completed("run acme/tea -i ''").unwrap(), "tea=\n");
    // A name with a space comes as the shell wants it.
    assert_eq!(completed("draft show 2026").unwrap(), "2026-green\\ tea\n");
    assert!(completed("te").unwrap().contains("template"));
    assert!(completed("run acme/tea --bri").unwrap().contains("--brief"));
}

#[test]
fn fish_completes_names_with_what_they_are() {
    let home = home();
    let completed = |line: &str| {
        let script =
            format!("source $S; function copydesk; $C $argv; end; complete -C \"copydesk {line}\"");
        shell(&home, "fish", &["--no-config"], &script)
    };
    let Some(names) = completed("run acme") else {
        return;
    };
    assert_eq!(names, "acme/tea\tTea\n");
    assert_eq!(
        completed("run acme/tea --brief ").unwrap(),
        "client-acme\tClient Acme\n"
    );
    assert_eq!(completed("run acme/tea -i ").unwrap(), "tea=\tTea\n");
    assert_eq!(completed("run acme/tea --input t").unwrap(), "tea=\tTea\n");
    assert!(completed("te").unwrap().contains("template"));
}

/// Without a terminal elvish has no `edit:`, so a small one stands in for it.
#[test]
fn elvish_completes_names_and_still_knows_commands() {
    let home = home();
    let completed = |line: &str| {
        let script = format!(
            "var edit: = (ns [&completion:=(ns [&arg-completer=[&]]) &complex-candidate~=\
             {{|text &display='' &code-suffix=''| echo $text$code-suffix'|'$display}}]); \
             var wcswidth~ = {{|text| count $text}}; \
             eval (slurp < $E:S) &ns=(ns [&edit:=$edit: &wcswidth~=$wcswidth~]); \
             $edit:completion:arg-completer[copydesk] $E:C {line}"
        );
        shell(&home, "elvish", &["-norc"], &script)
    };
    let Some(names) = completed("run acme") else {
        return;
    };
    assert_eq!(names, "acme/tea |acme/tea Tea\n");
    assert_eq!(completed("run acme/tea -i ''").unwrap(), "tea=|tea= Tea\n");
    assert!(completed("''").unwrap().contains("template"));
}
