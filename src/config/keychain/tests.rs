//! Where keys come from and where they may go, source by source.

use super::*;
use crate::config::Overrides;
use std::ffi::OsString;
use std::path::PathBuf;

const OPENAI: &str = "https://api.openai.com";

struct Desk {
    _home: tempfile::TempDir,
    paths: Arc<Paths>,
    keychain: Keychain,
    settings: Settings,
}

impl Desk {
    fn new(config: &str, env: &[(&str, &str)]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let root = OsString::from(home.path());
        let lookup = |name: &str| (name == "COPYDESK_HOME").then(|| root.clone());
        let paths = Arc::new(Paths::resolve(&lookup, None).unwrap());
        let env: HashMap<String, String> = env
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let settings = Settings::resolve(
            Some(("config.toml", config)),
            &|name| env.get(name).cloned(),
            &Overrides::default(),
        );
        assert_eq!((&settings.problem, settings.warnings.len()), (&None, 0));
        let keychain = Keychain::new(Arc::clone(&paths), move |name| env.get(name).cloned());
        Self {
            _home: home,
            paths,
            keychain,
            settings,
        }
    }

    fn save(&self, provider: &str, origin: &str, key: &str) {
        let stored = Stored {
            origin: origin.to_owned(),
            key: Key::new(key).unwrap(),
        };
        secrets::save(&self.paths, provider, &stored).unwrap();
    }

    fn endpoint(&self, provider: &str) -> Result<Endpoint, Refusal> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let provider = self.settings.provider(Some(provider))?;
        runtime.block_on(self.keychain.endpoint(&self.settings, provider, "m"))
    }

    fn key(&self, provider: &str) -> String {
        let endpoint = self.endpoint(provider).unwrap();
        endpoint
            .key
            .map_or_else(String::new, |key| key.expose().to_owned())
    }

    fn elsewhere(&self, provider: &str) -> Elsewhere {
        match self.endpoint(provider) {
            Err(Refusal::Elsewhere(elsewhere)) => *elsewhere,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_variable_goes_before_a_command_and_that_before_a_file() {
    let config = "[providers.groq]\nkey_command = [\"printf\", \"printed\"]\n";
    let origin = "https://api.groq.com";
    let desk = Desk::new(config, &[("GROQ_API_KEY", "variable")]);
    desk.save("groq", origin, "file");
    assert_eq!(desk.key("groq"), "variable");
    let desk = Desk::new(config, &[]);
    desk.save("groq", origin, "file");
    assert_eq!(desk.key("groq"), "printed");
    let desk = Desk::new("", &[("GROQ_API_KEY", " ")]);
    desk.save("groq", origin, "file");
    assert_eq!(desk.key("groq"), "file");
    let provider = desk.settings.provider(Some("groq")).unwrap();
    let source = desk.keychain.source(provider).unwrap().to_string();
    assert!(source.ends_with("keys/groq.toml"), "{source}");
}

#[test]
fn a_command_is_run_once() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let script = format!("echo x >> {}; printf printed", log.display());
    let config = format!("[providers.groq]\nkey_command = [\"sh\", \"-c\", {script:?}]\n");
    let desk = Desk::new(&config, &[]);
    assert_eq!(
        (desk.key("groq"), desk.key("groq")),
        ("printed".into(), "printed".into())
    );
    assert_eq!(std::fs::read_to_string(&log).unwrap(), "x\n");
}

#[test]
fn a_preset_without_a_key_says_what_to_set() {
    let desk = Desk::new("", &[]);
    for (name, variable) in [("openai", "OPENAI_API_KEY"), ("groq", "GROQ_API_KEY")] {
        let told = Failure::from(desk.endpoint(name).unwrap_err()).to_string();
        assert!(
            told.starts_with(&format!("provider {name} has no key; set {variable} to")),
            "{told}"
        );
    }
    assert_eq!(desk.key("ollama"), "");
    // Somebody else's server behind that name may do without.
    let desk = Desk::new(
        "[providers.groq]\nbase_url = \"https://x.example/v1\"\n",
        &[],
    );
    assert_eq!(desk.key("groq"), "");
}

/// K5: a stored key goes to its origin and nowhere else unasked.
#[test]
fn a_stored_key_is_not_sent_to_another_origin() {
    for moved in [
        "https://api.openai.com.evil.example/v1",
        "https://api.openai.com:8443/v1",
        "http://localhost:11434/v1",
        "https://eu.api.openai.com/v1",
    ] {
        let desk = Desk::new("", &[("OPENAI_BASE_URL", moved)]);
        desk.save("openai", OPENAI, "sk-secret");
        let elsewhere = desk.elsewhere("openai");
        let told = elsewhere.failure().to_string();
        let wanted = origin_of(moved).unwrap();
        assert!(told.contains(OPENAI) && told.contains(&wanted), "{told}");
        assert!(
            !told.contains("secret") && told.contains("keys/openai.toml"),
            "{told}"
        );
        assert_eq!(
            elsewhere.question(),
            format!("the key of openai was saved for {OPENAI}. Send it to {wanted}?")
        );
        desk.keychain.allow(&elsewhere).unwrap();
        assert_eq!(desk.key("openai"), "sk-secret");
        let stored = secrets::load(&desk.paths, "openai").unwrap().unwrap();
        assert_eq!(stored.origin, wanted);
    }
    let desk = Desk::new("", &[]);
    desk.save("openai", OPENAI, "sk-secret");
    assert_eq!(desk.key("openai"), "sk-secret");
}

#[test]
fn the_usual_variable_is_for_the_usual_server() {
    let elsewhere = "[providers.openai]\nbase_url = \"https://x.example/v1\"\n";
    let key = ("OPENAI_API_KEY", "sk-secret");
    let desk = Desk::new(elsewhere, &[key]);
    let asked = desk.elsewhere("openai");
    let told = asked.failure().to_string();
    assert!(
        told.contains("OPENAI_API_KEY holds a key for https://api.openai.com"),
        "{told}"
    );
    assert!(told.contains("key_env in [providers.openai]"), "{told}");
    desk.keychain.allow(&asked).unwrap();
    assert_eq!(desk.key("openai"), "sk-secret");
    // Named by the person, or given as a pair, or still OpenAI's.
    let named = format!("{elsewhere}key_env = \"OPENAI_API_KEY\"\n");
    assert_eq!(Desk::new(&named, &[key]).key("openai"), "sk-secret");
    let pair = [key, ("OPENAI_BASE_URL", "https://y.example/v1")];
    for config in ["", elsewhere] {
        assert_eq!(Desk::new(config, &pair).key("openai"), "sk-secret");
    }
    let region = "[providers.openai]\nbase_url = \"https://eu.api.openai.com/v1\"\n";
    assert_eq!(Desk::new(region, &[key]).key("openai"), "sk-secret");
    let own = "[providers.desk]\nbase_url = \"https://x.example/v1\"\n";
    assert_eq!(Desk::new(own, &[("DESK_API_KEY", "k")]).key("desk"), "k");
}

#[test]
fn a_command_is_for_the_server_that_the_file_names() {
    let config = "[providers.openai]\nkey_command = [\"printf\", \"printed\"]\n";
    assert_eq!(Desk::new(config, &[]).key("openai"), "printed");
    let desk = Desk::new(config, &[("OPENAI_BASE_URL", "https://x.example/v1")]);
    let told = desk.elsewhere("openai").failure().to_string();
    assert!(
        told.contains("https://x.example a provider of its own"),
        "{told}"
    );
}

#[test]
fn where_nothing_may_be_sent_no_key_is_looked_for() {
    let config =
        "[providers.far]\nbase_url = \"http://far.example/v1\"\nkey_command = [\"false\"]\n";
    let told = Failure::from(Desk::new(config, &[]).endpoint("far").unwrap_err()).to_string();
    assert!(told.contains("in clear text"), "{told}");
}

#[test]
fn a_key_that_cannot_be_sent_is_refused_and_never_shown() {
    for (key, why) in [
        ("sk-one\nsk-two", "a line break"),
        ("sk-one\rsk-two", "a line break"),
        ("sk-one sk-two", "a blank"),
        ("sk-schlüssel", "not a letter, digit or mark of ASCII"),
        ("sk-\0", "not a letter, digit or mark of ASCII"),
        ("\"\"", "nothing"),
    ] {
        let desk = Desk::new("", &[("OPENAI_API_KEY", key)]);
        let told = Failure::from(desk.endpoint("openai").unwrap_err()).to_string();
        assert!(
            told.contains("OPENAI_API_KEY") && told.contains(why),
            "{told}"
        );
        assert!(!told.contains("sk-"), "{told}");
    }
}

#[test]
fn what_was_typed_is_used_and_kept_where_the_person_wants() {
    let desk = Desk::new("", &[]);
    let groq = desk.settings.provider(Some("groq")).unwrap();
    let key = || Key::new("gsk-typed").unwrap();
    assert_eq!(
        desk.keychain.keep(groq, key(), Place::Nowhere),
        Ok(Source::Typed)
    );
    assert_eq!(desk.key("groq"), "gsk-typed");
    assert!(!desk.paths.keys.exists());
    // It was typed for that server and for no other.
    let moved = Desk::new(
        "[providers.groq]\nbase_url = \"https://x.example/v1\"\n",
        &[],
    );
    let usual = Desk::new("", &[]);
    let groq_there = usual.settings.provider(Some("groq")).unwrap();
    moved
        .keychain
        .keep(groq_there, key(), Place::Nowhere)
        .unwrap();
    assert_eq!(moved.elsewhere("groq").belongs_to, "https://api.groq.com");
    let openai = desk.settings.provider(Some("openai")).unwrap();
    let kept = desk.keychain.keep(openai, key(), Place::File).unwrap();
    assert_eq!(kept, Source::File(secrets::path(&desk.paths, "openai")));
    assert_eq!(
        secrets::load(&desk.paths, "openai")
            .unwrap()
            .unwrap()
            .origin,
        OPENAI
    );
    let shown = format!("{:?}", desk.keychain);
    assert!(!shown.contains("typed"), "{shown}");
}

/// N10: a file of certificates that cannot be used says so, each in its own way.
#[test]
fn a_file_of_certificates_that_cannot_be_used_is_told() {
    let config = |path: &str| {
        format!("[providers.a]\nbase_url = \"https://x.example/v1\"\nca_file = {path:?}\n")
    };
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.pem");
    crate::store::atomic::save(&empty, b"nothing here\n").unwrap();
    let empty = empty.to_string_lossy().into_owned();
    let told = |desk: &Desk| Failure::from(desk.endpoint("a").unwrap_err()).to_string();
    let gone = told(&Desk::new(&config("gone.pem"), &[]));
    assert!(
        gone.contains("config/gone.pem, which cannot be read"),
        "{gone}"
    );
    let none = told(&Desk::new(&config(&empty), &[]));
    assert!(
        none.contains("ca_file") && none.contains("no certificate"),
        "{none}"
    );
    let plain = "[providers.a]\nbase_url = \"https://x.example/v1\"\n";
    let env = told(&Desk::new(plain, &[("SSL_CERT_FILE", &empty)]));
    assert!(
        env.contains("SSL_CERT_FILE") && env.contains("no certificate"),
        "{env}"
    );
    let env = told(&Desk::new(plain, &[("SSL_CERT_FILE", "/nowhere/ca.pem")]));
    assert!(
        env.contains("SSL_CERT_FILE names /nowhere/ca.pem, which cannot be read"),
        "{env}"
    );
}

#[test]
fn a_keyring_that_fails_does_not_hide_the_key_file() {
    let stored = |key: &str| Stored {
        origin: OPENAI.to_owned(),
        key: Key::new(key).unwrap(),
    };
    let silent = || Failure::new(FailureKind::Usage, "the keyring does not answer");
    let file = || {
        let found = of_stored(stored("sk-file"), Source::File(PathBuf::from("f")));
        Ok(Some(found))
    };
    let key = |found: Result<Option<Found>, Failure>| found.unwrap().unwrap().key;
    assert_eq!(key(first_of(Err(silent()), file)).expose(), "sk-file");
    assert_eq!(key(first_of(Ok(None), file)).expose(), "sk-file");
    let ring = first_of(Ok(Some(stored("sk-ring"))), file);
    assert_eq!(key(ring).expose(), "sk-ring");
    let neither = first_of(Err(silent()), || Ok(None)).err().unwrap();
    assert_eq!(neither, silent());
}

#[test]
fn a_key_is_held_by_a_variable_or_a_file_and_by_nothing_else_here() {
    let desk = Desk::new("", &[("GROQ_API_KEY", "gsk-x")]);
    desk.save("openai", OPENAI, "sk-x");
    let holds = |name| {
        desk.keychain
            .holds(desk.settings.provider(Some(name)).unwrap())
    };
    assert!(holds("groq") && holds("openai") && !holds("mistral"));
}
