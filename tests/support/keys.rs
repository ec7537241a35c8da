//! The key language of the tests: `hello<enter><ctrl+g><alt+1><f5><up*3>` as terminal bytes.
//!
//! Text stands for itself, `<…>` for one key with its modifiers, `<…*N>` for N of them, `<lt>`
//! for a `<`, `<paste:text>` for a bracketed paste. An unknown name is an error, never silence.

/// The bytes an xterm sends for `keys`, or what is wrong with them.
pub fn bytes(keys: &str) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let mut rest = keys;
    while let Some(start) = rest.find('<') {
        out.extend_from_slice(&rest.as_bytes()[..start]);
        let inside = &rest[start + 1..];
        let end = inside
            .find('>')
            .ok_or_else(|| format!("no `>` in {rest:?}"))?;
        out.extend(named(&inside[..end])?);
        rest = &inside[end + 1..];
    }
    out.extend_from_slice(rest.as_bytes());
    Ok(out)
}

fn named(name: &str) -> Result<Vec<u8>, String> {
    if let Some(text) = name.strip_prefix("paste:") {
        return Ok(format!("\x1b[200~{text}\x1b[201~").into_bytes());
    }
    let (name, times) = match name.rsplit_once('*') {
        Some((name, times)) => (name, times.parse::<usize>().map_err(|why| why.to_string())?),
        None => (name, 1),
    };
    let one = chord(name).ok_or_else(|| format!("no key is called <{name}>"))?;
    Ok(one.repeat(times))
}

/// One key with the modifiers before it, joined by `+`.
fn chord(name: &str) -> Option<Vec<u8>> {
    let (mut shift, mut alt, mut ctrl) = (false, false, false);
    let mut key = name;
    while let Some((modifier, rest)) = key.split_once('+').filter(|(_, rest)| !rest.is_empty()) {
        match modifier {
            "shift" => shift = true,
            "alt" => alt = true,
            "ctrl" => ctrl = true,
            _ => return None,
        }
        key = rest;
    }
    if let Some((start, end)) = cursor_key(key) {
        let modifiers = 1 + u8::from(shift) + 2 * u8::from(alt) + 4 * u8::from(ctrl);
        let plain = if end == '~' {
            format!("\x1b[{start}~")
        } else {
            format!("\x1b{start}{end}")
        };
        let number = if end == '~' { start } else { "1" };
        let sequence = match modifiers {
            1 => plain,
            _ => format!("\x1b[{number};{modifiers}{end}"),
        };
        return Some(sequence.into_bytes());
    }
    let mut out = if alt { vec![0x1b] } else { Vec::new() };
    match key {
        "tab" if shift => out.extend(b"\x1b[Z"),
        _ => out.extend(plain_key(key, ctrl)?),
    }
    Some(out)
}

/// Number or lead, and last character, of the keys that carry modifiers inside their sequence.
fn cursor_key(key: &str) -> Option<(&'static str, char)> {
    Some(match key {
        "up" => ("[", 'A'),
        "down" => ("[", 'B'),
        "right" => ("[", 'C'),
        "left" => ("[", 'D'),
        "home" => ("[", 'H'),
        "end" => ("[", 'F'),
        "f1" => ("O", 'P'),
        "f2" => ("O", 'Q'),
        "f3" => ("O", 'R'),
        "f4" => ("O", 'S'),
        "insert" => ("2", '~'),
        "delete" => ("3", '~'),
        "pageup" => ("5", '~'),
        "pagedown" => ("6", '~'),
        "f5" => ("15", '~'),
        "f6" => ("17", '~'),
        "f7" => ("18", '~'),
        "f8" => ("19", '~'),
        "f9" => ("20", '~'),
        "f10" => ("21", '~'),
        "f11" => ("23", '~'),
        "f12" => ("24", '~'),
        _ => return None,
    })
}

fn plain_key(key: &str, ctrl: bool) -> Option<Vec<u8>> {
    let text = match key {
        "enter" => "\r",
        "tab" => "\t",
        "esc" => "\x1b",
        "backspace" => "\x7f",
        "space" => " ",
        "lt" => "<",
        "plus" => "+",
        _ if key.chars().count() == 1 => key,
        _ => return None,
    };
    let bytes = text.as_bytes();
    match (ctrl, bytes) {
        (false, _) => Some(bytes.to_vec()),
        (true, b" ") => Some(vec![0]),
        (true, [byte @ (b'a'..=b'z' | b'@'..=b'_')]) => Some(vec![byte & 0x1f]),
        (true, _) => None,
    }
}
