//! Whom a connection trusts: authorities that a person named, and what is told of a server whose
//! certificate does not hold.
//!
//! Nothing here lets a certificate pass that does not hold.

use crate::domain::endpoint::Authority;
use crate::domain::failure::{Failure, FailureKind};
use rustls::CertificateError as Fault;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::error::Error;
use std::io;
use std::sync::Arc;

/// The authority whose certificates `pem` holds; `setting` is what named the file at `path`.
///
/// # Errors
/// When there is no certificate in it, or one that cannot be read.
pub fn authority(path: &str, setting: &str, pem: Vec<u8>) -> Result<Authority, Failure> {
    let wrong = |why: &str| {
        Failure::new(
            FailureKind::Usage,
            format!("{setting} names {path}, which cannot be used"),
        )
        .why(why.to_owned())
        .advice(format!(
            "let {setting} name a file with \"-----BEGIN CERTIFICATE-----\" in it"
        ))
    };
    let mut roots = rustls::RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|_| wrong("a certificate in it is damaged"))?;
        let added = roots.add(certificate);
        added.map_err(|_| wrong("a certificate in it is damaged"))?;
    }
    if roots.is_empty() {
        return Err(wrong("there is no certificate in it"));
    }
    Ok(Authority {
        path: path.to_owned(),
        pem: Arc::from(pem),
    })
}

/// What is told when a server is not trusted; `None` for any other failure. `authority` is the
/// file that was trusted beside the system.
pub(super) fn refused(
    error: &reqwest::Error,
    url: &str,
    authority: Option<&Authority>,
) -> Option<Failure> {
    let fault = match tls_error(error)? {
        rustls::Error::InvalidCertificate(fault) => fault,
        rustls::Error::General(text) if text.contains("No CA certificates") => {
            return Some(
                Failure::new(FailureKind::Network, format!("{url} cannot be checked"))
                    .why("this system has no certificates of authorities")
                    .advice("install the ca-certificates of your system, or set SSL_CERT_FILE"),
            );
        }
        _ => return None,
    };
    let told = |why: &str, advice: &str| {
        Failure::new(FailureKind::Network, format!("{url} is not trusted"))
            .why(why.to_owned())
            .advice(advice.to_owned())
    };
    Some(match fault {
        Fault::Expired | Fault::ExpiredContext { .. } => told(
            "its certificate has expired",
            "check the clock of this machine; else its owner has to renew it",
        ),
        Fault::NotValidYet | Fault::NotValidYetContext { .. } => told(
            "its certificate is not valid yet",
            "check the clock of this machine",
        ),
        Fault::NotValidForName | Fault::NotValidForNameContext { .. } => told(
            "its certificate is for another name",
            "check the host in base_url; somebody may stand in between",
        ),
        Fault::UnknownIssuer | Fault::BadSignature => match authority {
            None => told(
                "nobody that this machine trusts has signed its certificate",
                "for a private authority set ca_file in the provider's table, or SSL_CERT_FILE",
            ),
            Some(authority) => told(
                &format!(
                    "neither this machine nor {} knows who signed its certificate",
                    authority.path
                ),
                "check that ca_file names the authority of this server",
            ),
        },
        Fault::Revoked => told("its certificate was revoked", "do not use this server"),
        // An authority's own certificate, used as a server's.
        other if format!("{other:?}").contains("CaUsedAsEndEntity") => told(
            "its certificate is that of an authority, not of a server",
            "give the server a certificate of its own",
        ),
        other => told(
            &format!("its certificate is not in order ({other})"),
            "check the server's certificate, and the clock",
        ),
    })
}

/// The error of the TLS layer somewhere below another one.
fn tls_error<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e rustls::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        // An input error passes over what it wraps.
        let wrapped = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        if let Some(found) = wrapped.and_then(|inner| tls_error(inner)) {
            return Some(found);
        }
        next = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_sound_certificate_is_no_authority() {
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for (pem, why) in [
            ("", "there is no certificate in it"),
            ("hello\n", "there is no certificate in it"),
            (broken, "is damaged"),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n", "certificate"),
        ] {
            let told = authority("/ca.pem", "ca_file", pem.into())
                .unwrap_err()
                .to_string();
            assert!(
                told.starts_with("ca_file names /ca.pem, which cannot be used: "),
                "{told}"
            );
            assert!(told.contains(why), "{told}");
        }
    }

    #[test]
    fn the_error_of_the_tls_layer_is_found_inside_others() {
        let inner = rustls::Error::InvalidCertificate(Fault::Expired);
        let wrapped = io::Error::other(io::Error::other(inner.clone()));
        assert_eq!(tls_error(&wrapped), Some(&inner));
        assert_eq!(tls_error(&io::Error::other("no")), None);
    }
}
