//! Videos on YouTube. Its oEmbed has no date; the page itself gives it.

use url::Url;

use super::{Resolver, Service, after, encoded, host, no_date, oembed};

pub(super) const RESOLVER: Resolver = Resolver {
    name: "youtube",
    date_of: no_date,
    service: Some(Service {
        endpoint: Some("https://www.youtube.com"),
        question: |url| {
            let video = format!("https://www.youtube.com/watch?v={}", id(url)?);
            Some(format!("/oembed?format=json&url={}", encoded(&video)))
        },
        read: |_, answer| oembed::titled("YouTube", answer),
    }),
};

/// Eleven characters of base64url.
fn id(url: &Url) -> Option<String> {
    let id = match host(url)? {
        "youtu.be" => url.path_segments()?.next()?.to_owned(),
        "youtube.com" | "youtube-nocookie.com" if url.path() == "/watch" => {
            url.query_pairs().find(|(key, _)| key == "v")?.1.into_owned()
        }
        "youtube.com" | "youtube-nocookie.com" => after(url, &["embed", "live", "shorts", "v"])?.to_owned(),
        _ => return None,
    };
    let shaped = id.len() == 11 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    shaped.then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_of_a_video() {
        let id = |url: &str| id(&Url::parse(url).unwrap());
        for url in [
            "https://www.youtube.com/watch?app=desktop&v=aBcDeFg-_12&t=5s",
            "https://m.youtube.com/watch?v=aBcDeFg-_12",
            "https://youtu.be/aBcDeFg-_12?t=5",
            "https://www.youtube.com/shorts/aBcDeFg-_12",
            "https://www.youtube-nocookie.com/embed/aBcDeFg-_12",
        ] {
            assert_eq!(id(url).as_deref(), Some("aBcDeFg-_12"), "{url}");
        }
        for url in
            ["https://www.youtube.com/@lindby", "https://www.youtube.com/watch?v=x", "https://youtu.be/"]
        {
            assert_eq!(id(url), None, "{url}");
        }
    }
}
