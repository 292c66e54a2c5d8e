//! Names that are for sale, or have run out.

use std::sync::LazyLock;

use url::Url;

use super::{Phrases, Signs, Table, folded};

/// What the page says or bears.
pub(super) fn find(signs: &Signs) -> Option<String> {
    if !signs.is_thin() || signs.dated {
        return None;
    }
    let titles = signs.parts.iter().flatten();
    let named = titles.clone().find(|part| is_offered(part, signs.address));
    if let Some(words) = named {
        return Some(words.clone());
    }
    let text = signs.is_scant().then_some(signs.text.as_str());
    if let Some((_, words)) = PHRASES.first_in(titles.map(String::as_str).chain(text)) {
        return Some(words.to_owned());
    }
    // Those who park names put their own scripts in, and advertising for text.
    let markup = signs.is_scant().then_some(signs.markup.as_str());
    MARKS.first_in(markup.into_iter()).map(|(_, mark)| mark.to_owned())
}

/// The page's own name, or the one that it was asked about, and that it is for sale: `lindby.example is
/// available for purchase`. Others with a dot may be products and companies.
fn is_offered(part: &str, address: &Url) -> bool {
    const MOST: usize = 10;
    let host = address.host_str().unwrap_or_default();
    let own = |name: &str| {
        let parent = host.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with('.'));
        parent || address.query_pairs().any(|(_, value)| value.eq_ignore_ascii_case(name))
    };
    let is_name = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        word.rsplit_once('.').is_some_and(|(name, end)| {
            end.len() > 1
                && end.bytes().all(|b| b.is_ascii_lowercase())
                && name.chars().any(char::is_alphabetic)
        }) && own(word)
    };
    part.split_whitespace().count() <= MOST
        && part.split_whitespace().any(is_name)
        && SALES.iter().any(|sale| part.contains(sale.as_str()))
}

static SALES: Table = Table::new(|| {
    folded(&[
        "for sale",
        "available for purchase",
        "has expired",
        "in vendita",
        "à vendre",
        "zu verkaufen",
        "zum verkauf",
        "en venta",
        "à venda",
        "te koop",
        "na sprzedaż",
        "продается",
        "продаётся",
        "satılık",
        "出售",
    ])
});

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(&[
        "this domain is for sale",
        "domain is for sale",
        "domain name is for sale",
        "domain may be for sale",
        "domain for sale",
        "buy this domain",
        "make an offer on this domain",
        "this domain is available",
        "domain has expired",
        "domain name has expired",
        "domain expired",
        "domain is parked",
        "parked domain",
        "domain parking",
        "domain geparkt",
        "geparkte domain",
        "domain ist geparkt",
        "domain wurde registriert",
        "domain wurde soeben registriert",
        "hier entsteht eine neue",
        "dominio parcheggiato",
        "domaine parqué",
        "dominio aparcado",
        "domain is parked free",
        "parked free, courtesy of",
        "this domain has been registered",
        "domain is registered, but",
        "future home of something quite cool",
        "dominio in vendita",
        "dominio è in vendita",
        "dominio scaduto",
        "domaine est à vendre",
        "domaine à vendre",
        "domaine a expiré",
        "domain steht zum verkauf",
        "domain zu verkaufen",
        "domain kaufen",
        "dominio en venta",
        "dominio está en venta",
        "domínio à venda",
        "domínio está à venda",
        "domein te koop",
        "domein is te koop",
        "domena na sprzedaż",
        "domena jest na sprzedaż",
        "домен продаётся",
        "домен продается",
        "домен продаж",
        "срок регистрации домена",
        "satılık domain",
        "此域名",
        "域名出售",
        "このドメイン",
    ])
});

/// Of the services that park names; in lower case.
static MARKS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(&[
        "sedoparking.com",
        "parkingcrew.net",
        "parklogic.com",
        "img1.wsimg.com/parking-lander",
        "/parking-lander/",
        "bodiscdn.com",
        "d38psrni17bvxu.cloudfront.net",
        "hugedomains.com/domain_profile",
        "dan.com/buy-domain",
        "afternic.com/forsale",
        "data-adblockkey=",
        "window.park =",
        "parkingpage.namecheap.com",
    ])
});
