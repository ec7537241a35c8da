//! TLS and proxies from outside: whom Copydesk trusts, what it says of whom it does not, and that
//! no password of a proxy is shown.
//!
//! The authority, its certificates and their keys are made for each test and never written
//! anywhere but to a temporary folder.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use support::cli::{Home, KEY, Ran, answer};
use support::server::{Server, Step};

/// An authority that nobody trusts unless told to.
struct Authority(CertifiedIssuer<'static, KeyPair>);

/// How a certificate differs from a good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flaw {
    None,
    Expired,
    NotYet,
    OtherName,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        Self(CertifiedIssuer::self_signed(params, key).unwrap())
    }

    /// The settings of a server with a certificate of this authority.
    fn server(&self, flaw: Flaw) -> Arc<ServerConfig> {
        let name = if flaw == Flaw::OtherName {
            "other.example"
        } else {
            "localhost"
        };
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        if flaw == Flaw::Expired {
            params.not_before = date_time_ymd(2001, 1, 1);
            params.not_after = date_time_ymd(2002, 1, 1);
        }
        if flaw == Flaw::NotYet {
            params.not_before = date_time_ymd(2901, 1, 1);
            params.not_after = date_time_ymd(2902, 1, 1);
        }
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        Arc::new(config)
    }
}

/// A server that speaks TLS and gives the same answer to each request; it stops when it is dropped.
struct Secure {
    address: SocketAddr,
    thread: Option<JoinHandle<Vec<String>>>,
}

impl Secure {
    fn start(config: Arc<ServerConfig>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let thread = std::thread::spawn(move || {
            let mut heads = Vec::new();
            while let Ok((stream, _)) = listener.accept() {
                let mut first = [0];
                // A connection without a byte is the sign to stop.
                if stream.peek(&mut first).unwrap_or(0) == 0 {
                    break;
                }
                let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
                // A client that does not trust this server hangs up.
                heads.extend(serve(StreamOwned::new(connection, stream)));
            }
            heads
        });
        Self {
            address,
            thread: Some(thread),
        }
    }

    fn base_url(&self) -> String {
        format!("https://localhost:{}/v1", self.address.port())
    }

    /// Stops it; the requests that it got.
    fn stop(mut self) -> Vec<String> {
        drop(TcpStream::connect(self.address));
        self.thread.take().unwrap().join().unwrap()
    }
}

fn serve(mut stream: StreamOwned<ServerConnection, TcpStream>) -> Option<String> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 8192];
    let whole = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).to_lowercase();
        let (head, body) = text.split_once("\r\n\r\n")?;
        let length = head.split("content-length: ").nth(1)?;
        let length: usize = length.lines().next()?.parse().ok()?;
        (body.len() >= length).then(|| head.to_owned())
    };
    while whole(&bytes).is_none() {
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&chunk[..read]),
        }
    }
    for step in answer("Trusted.") {
        if let Step::Send(part) = step {
            stream.write_all(&part).ok()?;
        }
    }
    stream.conn.send_close_notify();
    stream.flush().ok()?;
    whole(&bytes)
}

/// A home with a provider at `base_url`; `more` is what else its table says.
fn home(base_url: &str, more: &str) -> Home {
    let home = Home::new().with("DESK_API_KEY", KEY);
    let table = format!(
        "provider = \"desk\"\n[providers.desk]\nbase_url = \"{base_url}\"\nmodel = \"m1\"\n{more}"
    );
    home.write("config/config.toml", &table);
    home
}

fn run(home: &Home) -> Ran {
    home.run(&["run", "blog-post", "-i", "topic=Tools"])
}

/// A run that fails for the network's sake and says all of `words`.
fn fails(ran: &Ran, words: &[&str]) {
    assert_eq!((ran.code, ran.stdout.as_str()), (3, ""), "{ran:?}");
    for word in words {
        assert!(
            ran.stderr.contains(word),
            "{word:?} is not in {}",
            ran.stderr
        );
    }
}

/// N10: an authority is trusted by the name of its file, for one provider or for all.
#[test]
fn a_server_is_trusted_by_an_authority_that_the_person_named() {
    let authority = Authority::new();
    let server = Secure::start(authority.server(Flaw::None));
    let pem = authority.0.pem();
    let of_provider = home(&server.base_url(), "ca_file = \"private.pem\"\n");
    of_provider.write("config/private.pem", &pem);
    let ran = run(&of_provider);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "Trusted."), "{ran:?}");
    let of_all = home(&server.base_url(), "");
    let path = of_all.write("all.pem", &format!("# ours\n{pem}"));
    let of_all = of_all.with("SSL_CERT_FILE", &path.display().to_string());
    let ran = run(&of_all);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "Trusted."), "{ran:?}");
    let heads = server.stop();
    assert_eq!(heads.len(), 2, "{heads:?}");
    for head in heads {
        assert!(
            head.contains(&format!("authorization: bearer {KEY}")),
            "{head}"
        );
    }
}

/// N10: each reason not to trust a server has words of its own, and nothing is sent.
#[test]
fn what_is_wrong_with_a_certificate_is_told_apart() {
    let authority = Authority::new();
    for (flaw, words) in [
        (Flaw::Expired, "its certificate has expired"),
        (Flaw::NotYet, "its certificate is not valid yet"),
        (Flaw::OtherName, "its certificate is for another name"),
    ] {
        let server = Secure::start(authority.server(flaw));
        let home = home(&server.base_url(), "ca_file = \"private.pem\"\n");
        home.write("config/private.pem", &authority.0.pem());
        fails(&run(&home), &["is not trusted", words]);
        assert!(server.stop().is_empty(), "{flaw:?}");
    }
    let server = Secure::start(authority.server(Flaw::None));
    let stranger = home(&server.base_url(), "");
    // A system of its own, so that the test does not depend on the one it runs on.
    let path = stranger.write("other.pem", &Authority::new().0.pem());
    let path = path.display().to_string();
    let alone = stranger.with("SSL_CERT_FILE", &path);
    fails(
        &run(&alone),
        &["is not trusted", "set ca_file", "SSL_CERT_FILE"],
    );
    let wrong = home(&server.base_url(), "ca_file = \"other.pem\"\n");
    wrong.write("config/other.pem", &Authority::new().0.pem());
    fails(
        &run(&wrong),
        &["is not trusted", "config/other.pem knows who signed"],
    );
    assert!(server.stop().is_empty());
}

#[test]
fn a_file_of_certificates_that_cannot_be_used_stops_the_run() {
    let home = home("https://localhost:9/v1", "ca_file = \"private.pem\"\n");
    for (text, words) in [
        (None, "cannot be read"),
        (Some("hello\n"), "no certificate in it"),
    ] {
        if let Some(text) = text {
            home.write("config/private.pem", text);
        }
        let ran = run(&home);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(
            ran.stderr.contains("ca_file names") && ran.stderr.contains(words),
            "{ran:?}"
        );
        let checked = home.run(&["config", "check"]);
        assert_eq!(checked.code, 2, "{checked:?}");
        assert!(checked.stdout.contains(words), "{checked:?}");
    }
}

/// N10: there is no way to switch the check off.
#[test]
fn no_setting_lets_a_bad_certificate_pass() {
    for key in [
        "insecure",
        "verify",
        "danger_accept_invalid_certs",
        "tls_verify",
    ] {
        let home = home("https://localhost:9/v1", &format!("{key} = true\n"));
        let ran = run(&home);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.stderr.contains("unknown key"), "{ran:?}");
    }
}

/// N11: a proxy of the usual variables is used, named in failures, and its password is not.
#[test]
fn a_proxy_is_used_and_its_password_is_never_shown() {
    let denied = Step::Status(407, Vec::new(), Vec::new());
    let proxy = Server::start(vec![vec![denied]]);
    let address = proxy.base_url();
    let address = address
        .trim_start_matches("http://")
        .trim_end_matches("/v1");
    let secret = format!("http://me:proxy-secret@{address}");
    let far = home("https://far.example/v1", "").with("HTTPS_PROXY", &secret);
    let ran = run(&far);
    fails(
        &ran,
        &[
            &format!("cannot be reached through the proxy http://{address}"),
            "wants a user name and a password",
            "NO_PROXY",
        ],
    );
    assert!(!ran.stderr.contains("proxy-secret"), "{ran:?}");
    let asked = &proxy.requests()[0];
    assert!(
        asked.head.starts_with("CONNECT far.example:443"),
        "{asked:?}"
    );
    // The key is for the server behind it.
    assert_eq!(asked.header("authorization"), None);
    drop(proxy);
    let gone = home("https://far.example/v1", "").with("ALL_PROXY", &secret);
    fails(&run(&gone), &["through the proxy", "nothing listens there"]);
    let plain = Server::start(vec![answer("Through.")]);
    let through = plain.base_url();
    let clear = home("http://far.example/v1", "allow_http = true\n")
        .with("HTTP_PROXY", through.trim_end_matches("/v1"));
    let ran = run(&clear);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "Through."), "{ran:?}");
    let head = &plain.requests()[0].head;
    assert!(
        head.starts_with("POST http://far.example/v1/chat/completions"),
        "{head}"
    );
}

/// N11: what stays on this machine goes through no proxy.
#[test]
fn loopback_needs_no_proxy() {
    let server = Server::start(vec![answer("Near."), answer("Near.")]);
    let near = home(&server.base_url(), "")
        .with("HTTP_PROXY", "http://127.0.0.1:9")
        .with("HTTPS_PROXY", "http://127.0.0.1:9")
        .with("ALL_PROXY", "http://127.0.0.1:9");
    let ran = run(&near);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "Near."), "{ran:?}");
}

/// N1: a connection that does not come has a limit of the person's choice.
#[test]
fn the_connect_limit_is_told_as_it_was_set() {
    // It takes connections, and never says a word of TLS.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("https://{}/v1", listener.local_addr().unwrap());
    let slow = home(&base_url, "connect_timeout = 1\n");
    fails(
        &run(&slow),
        &["no connection within 1 s", "connect_timeout"],
    );
}
