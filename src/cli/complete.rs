//! Completions: the script for a shell, and the names of templates, inputs, drafts and briefs that it
//! asks for while somebody types.
//!
//! The script knows commands and flags by itself. Asked for names, this reads the library, writes
//! nothing and complains of nothing: what cannot be read completes to nothing.

use super::Outcome;
use super::outlet::Outlet;
use crate::store::{Paths, briefs, drafts, library, shelf};
use clap::{ArgAction, Args, Command};
use clap_complete::Shell;
use std::fmt::Write;
use std::path::Path;

/// What stands on the command line.
#[derive(Debug, Args)]
pub(super) struct CompleteArgs {
    /// The words after `copydesk`, the one that is being typed last
    #[arg(
        value_name = "WORD",
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    words: Vec<String>,
}

/// What a word is to be the name of.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Template,
    Draft,
    /// A brief of this template, or of any.
    Brief(Option<String>),
    /// An input of this template, with the sign that its value stands behind.
    Input(String),
}

/// Prints the script for a shell.
pub(super) fn script(mut root: Command, shell: Shell, outlet: &Outlet) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut root, "copydesk", &mut script);
    let script = String::from_utf8_lossy(&script);
    let script = match shell {
        Shell::Bash => format!("{script}{BASH}"),
        Shell::Zsh => {
            // The function goes by the name of its file: names come first, then what it was.
            let renamed = script.replacen("\n_copydesk() {", "\n_copydesk_words() {", 1);
            match renamed.rfind("\nif [ \"$funcstack[1]\"") {
                Some(end) => format!("{}{ZSH}{}", &renamed[..end], &renamed[end..]),
                None => renamed,
            }
        }
        Shell::Fish => format!("{script}{FISH}"),
        Shell::Elvish => format!("{script}{ELVISH}"),
        _ => script.into_owned(),
    };
    outlet.bytes(script.as_bytes())?;
    Ok(0)
}

/// Prints the names that the word being typed can be, a line each, with what they are behind a tab.
pub(super) fn names(root: Command, paths: Paths, args: &CompleteArgs, outlet: &Outlet) -> Outcome {
    let Some((typed, before)) = args.words.split_last() else {
        return Ok(0);
    };
    // bash takes `--brief=acme` apart, others want it in one piece.
    let typed = typed.strip_prefix('=').unwrap_or(typed);
    let flag = typed
        .split_once('=')
        .filter(|(flag, _)| flag.starts_with("--"));
    let mut before = before.to_vec();
    before.extend(flag.map(|(flag, _)| flag.to_owned()));
    let (start, typed) = match flag {
        Some((flag, value)) => (format!("{flag}="), plain(value)),
        None => (String::new(), plain(typed)),
    };
    let (wanted, folder) = wanted(root, &before);
    let Some(wanted) = wanted.filter(|_| !typed.starts_with('-')) else {
        return Ok(0);
    };
    let elsewhere = folder.and_then(|folder| {
        let variable = |name: &str| std::env::var_os(name);
        Paths::resolve(&variable, Some(Path::new(&folder))).ok()
    });
    let mut out = String::new();
    for (name, told) in found(&elsewhere.unwrap_or(paths), &wanted) {
        if name.starts_with(&typed) && !name.contains(['\t', '\n']) {
            let told: Vec<&str> = told.split_whitespace().collect();
            // Writing into a string cannot fail.
            let _ = writeln!(out, "{start}{name}\t{}", told.join(" "));
        }
    }
    outlet.text(&out)?;
    Ok(0)
}

/// Names with what they are.
fn found(paths: &Paths, wanted: &Wanted) -> Vec<(String, String)> {
    match wanted {
        Wanted::Template => {
            let all = library::list(paths).into_iter();
            all.map(|entry| (entry.name, entry.title)).collect()
        }
        Wanted::Draft => {
            let known = drafts::kept(paths);
            let (all, _) = drafts::list_from(paths, known.as_ref());
            let all = all.into_iter();
            all.map(|line| (line.name, line.title)).collect()
        }
        Wanted::Brief(template) => {
            let all = match template {
                Some(name) => vec![name.clone()],
                None => library::list(paths).into_iter().map(|e| e.name).collect(),
            };
            let all = all.iter().flat_map(|name| briefs::list(paths, name));
            all.map(|brief| (brief.name, brief.title)).collect()
        }
        Wanted::Input(template) => {
            let template = shelf::template(paths, template).ok();
            let inputs = template.into_iter().flat_map(|template| template.inputs);
            let told = inputs.map(|input| (format!("{}=", input.name), input.label));
            told.collect()
        }
    }
}

/// What the word behind these is to be, and the library that they name.
fn wanted(mut root: Command, before: &[String]) -> (Option<Wanted>, Option<String>) {
    root.build();
    let mut command = &root;
    let (mut path, mut given): (Vec<&str>, Vec<String>) = (Vec::new(), Vec::new());
    let (mut asks, mut folder, mut only_values) = (None::<&str>, None, false);
    for word in before {
        if word == "=" {
            continue;
        }
        if let Some(flag) = asks.take() {
            if flag == "library" {
                folder = Some(plain(word));
            }
        } else if word == "--" && !only_values {
            only_values = true;
        } else if word.starts_with('-') && word.len() > 1 && !only_values {
            asks = flag(command, word);
        } else if let Some(next) = command
            .find_subcommand(word)
            .filter(|_| given.is_empty() && !only_values)
        {
            command = next;
            path.push(next.get_name());
        } else {
            given.push(plain(word));
        }
    }
    let first = given.is_empty();
    let wanted = match (path.as_slice(), asks) {
        (["run"], Some("brief")) => Some(Wanted::Brief(given.first().cloned())),
        (["run"], Some("input" | "file")) => given.first().cloned().map(Wanted::Input),
        (["template", "new"], Some("from")) | (["template", "check" | "export"], None) => {
            Some(Wanted::Template)
        }
        (
            ["run"]
            | [
                "template",
                "show" | "edit" | "versions" | "restore" | "briefs" | "path",
            ],
            None,
        ) if first => Some(Wanted::Template),
        (
            [
                "draft",
                verb @ ("export" | "show" | "path" | "versions" | "restore"),
            ],
            None,
        ) if first || *verb == "export" => Some(Wanted::Draft),
        _ => None,
    };
    (wanted, folder)
}

/// The flag that a word is, if the next word is its value.
fn flag<'c>(command: &'c Command, word: &str) -> Option<&'c str> {
    let arg = command.get_arguments().find(|arg| {
        let short = arg.get_short().map(|letter| format!("-{letter}"));
        let long = arg.get_long().map(|name| format!("--{name}"));
        short.as_deref() == Some(word) || long.as_deref() == Some(word)
    })?;
    let takes = matches!(arg.get_action(), ArgAction::Set | ArgAction::Append);
    takes.then(|| arg.get_id().as_str())
}

/// A word without what a shell wants around its letters.
fn plain(word: &str) -> String {
    let word = word.strip_prefix(['"', '\'']).unwrap_or(word);
    let word = word.strip_suffix(['"', '\'']).unwrap_or(word);
    let mut letters = word.chars();
    let mut plain = String::with_capacity(word.len());
    while let Some(letter) = letters.next() {
        let letter = if letter == '\\' {
            letters.next()
        } else {
            Some(letter)
        };
        plain.extend(letter);
    }
    plain
}

const BASH: &str = r#"
_copydesk_names() {
    local cur="${COMP_WORDS[COMP_CWORD]}" name
    COMPREPLY=()
    while IFS=$'\t' read -r name _; do
        [[ "${cur}" == [\"\']* ]] || name="$(printf %q "${name}")"
        COMPREPLY+=("${name}")
        # The value stands right behind it.
        [[ "${name}" != *= ]] || compopt -o nospace 2>/dev/null
    done < <("$1" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
    [[ ${#COMPREPLY[@]} -gt 0 ]] || _copydesk "$@"
}
complete -F _copydesk_names -o bashdefault -o default copydesk
"#;

const ZSH: &str = r#"
_copydesk() {
    local name told
    local -a names
    while IFS=$'\t' read -r name told; do
        names+=("${name//:/\\:}:${told}")
    done < <("${(Q)words[1]}" complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)
    if (( $#names )); then
        # The value of an input stands right behind its name.
        local -a close
        [[ "${names[1]}" != *=:* ]] || close=(-S '')
        _describe -t names name names "${close[@]}"
        return
    fi
    _copydesk_words "$@"
}
"#;

const FISH: &str = r#"
function __copydesk_names
    set -l words (commandline -opc) (commandline -ct)
    $words[1] complete -- $words[2..] 2>/dev/null
end
complete -c copydesk -n "test (count (__copydesk_names)) -gt 0" -k -f -a "(__copydesk_names)"
complete -c copydesk -n "__fish_copydesk_using_subcommand run" -l brief -x -a "(__copydesk_names)"
complete -c copydesk -n "__fish_copydesk_using_subcommand run" -s i -l input -x -a "(__copydesk_names)"
complete -c copydesk -n "__fish_copydesk_using_subcommand run" -s f -l file -x -a "(__copydesk_names)"
complete -c copydesk -n "__fish_copydesk_using_subcommand template" -l from -x -a "(__copydesk_names)"
"#;

const ELVISH: &str = r#"
var copydesk-words~ = $edit:completion:arg-completer[copydesk]
set edit:completion:arg-completer[copydesk] = {|@words|
    var names = []
    try {
        set names = [((external $words[0]) complete -- (all $words[1..]) 2>/dev/null | from-lines)]
    } catch {
        nop
    }
    if (== (count $names) 0) {
        # It knows no words but those of commands.
        try { copydesk-words $@words } catch { nop }
    } else {
        for line $names {
            var name told = (str:split "\t" $line)
            # The value of an input stands right behind its name.
            var close = (if (str:has-suffix $name '=') { put '' } else { put ' ' })
            edit:complex-candidate $name &code-suffix=$close &display=$name' '$told
        }
    }
}
"#;
