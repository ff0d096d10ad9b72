//! The web page: files that `make build` has made of `web/` and put into this binary, packed already.
//!
//! All but the first file have their content's hash in their name, so they may be kept for ever.

use std::fmt::Write as _;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::body::nothing_here;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[exclude = ".gitkeep"]
struct Files;

/// Where a plain `cargo build` has left the page out.
const NOT_BUILT: &str = include_str!("page/not-built.html");

/// Nothing comes from elsewhere, nothing goes elsewhere, and nobody puts the page into a frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Which packed form of a file stands beside it, and what clients call it; the smaller first.
const PACKED: [(&str, &str); 2] = [("br", "br"), ("gzip", "gz")];

pub(crate) async fn index(headers: HeaderMap) -> Response {
    let mut response = match file("index.html", &headers, "no-cache") {
        Some(response) => response,
        None => (
            [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
            NOT_BUILT,
        )
            .into_response(),
    };
    let policy = HeaderValue::from_static(POLICY);
    let of_page = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        ),
    ];
    response.headers_mut().extend(of_page);
    response
}

pub(crate) async fn asset(Path(name): Path<String>, address: Uri, headers: HeaderMap) -> Response {
    let kept = "public, max-age=31536000, immutable";
    match file(&format!("assets/{name}"), &headers, kept) {
        Some(response) => response,
        None => nothing_here(address).await.into_response(),
    }
}

/// Browsers take an answer for what its type says, whatever is in it: blobs are anybody's.
pub(crate) async fn never_guessed(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}

fn file(path: &str, asked: &HeaderMap, keep: &'static str) -> Option<Response> {
    let kind = content_type(path)?;
    let plain = Files::get(path)?;
    let tag = tag(&plain);
    let mut headers = HeaderMap::new();
    let mut say = |name: HeaderName, value: &str| {
        headers.insert(name, value.parse().expect("a header of ours"));
    };
    say(header::CACHE_CONTROL, keep);
    say(header::ETAG, &tag);
    say(header::VARY, "accept-encoding");
    let known = asked.get(header::IF_NONE_MATCH);
    if known.is_some_and(|known| known.to_str().is_ok_and(|known| known.contains(&tag))) {
        return Some((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    say(header::CONTENT_TYPE, kind);
    let bytes = match packed(path, asked) {
        Some((coding, packed)) => {
            say(header::CONTENT_ENCODING, coding);
            packed.data
        }
        None => plain.data,
    };
    Some((headers, bytes.into_owned()).into_response())
}

fn packed(path: &str, asked: &HeaderMap) -> Option<(&'static str, EmbeddedFile)> {
    let taken = asked.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
    let takes = |coding: &str| {
        let mut all = taken.split(',').map(|one| one.split(';'));
        all.any(|mut one| {
            one.next().map(str::trim) == Some(coding) && one.all(|weight| weight.trim() != "q=0")
        })
    };
    let mut codings = PACKED.into_iter().filter(|(coding, _)| takes(coding));
    codings.find_map(|(coding, ending)| Some((coding, Files::get(&format!("{path}.{ending}"))?)))
}

fn tag(file: &EmbeddedFile) -> String {
    let mut tag = String::from("\"");
    for byte in &file.metadata.sha256_hash()[..12] {
        write!(tag, "{byte:02x}").expect("text takes everything");
    }
    tag + "\""
}

/// Of the kinds of files that the page is made of; no other is served.
fn content_type(path: &str) -> Option<&'static str> {
    Some(match path.rsplit_once('.')?.1 {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_form_is_sent_to_those_who_take_it() {
        let check = |taken: &str, expect: Option<&str>| {
            let headers =
                HeaderMap::from_iter([(header::ACCEPT_ENCODING, taken.parse().expect("a header"))]);
            let built = Files::get("index.html").is_some();
            let found = packed("index.html", &headers).map(|(coding, _)| coding);
            assert_eq!(found, expect.filter(|_| built), "{taken}");
        };
        check("gzip, deflate, br", Some("br"));
        check("gzip", Some("gzip"));
        check("br;q=0, gzip;q=0.5", Some("gzip"));
        check("zstd", None);
        check("", None);
    }

    #[tokio::test]
    async fn there_is_a_page_that_may_do_nothing_else_and_says_when_it_was_left_out() {
        let response = index(HeaderMap::new()).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert!(
            response
                .headers()
                .contains_key(header::CONTENT_SECURITY_POLICY)
        );
        assert!(NOT_BUILT.contains("make build"));
    }

    #[tokio::test]
    async fn what_is_known_already_is_not_sent_again() {
        let Some(first) = file("index.html", &HeaderMap::new(), "no-cache") else {
            return; // a plain `cargo test`, without the page
        };
        let tag = first.headers()[header::ETAG].clone();
        let again = HeaderMap::from_iter([(header::IF_NONE_MATCH, tag)]);
        let second = file("index.html", &again, "no-cache").expect("the same file");
        assert_eq!(second.status(), StatusCode::NOT_MODIFIED);
    }
}
