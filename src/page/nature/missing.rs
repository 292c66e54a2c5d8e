//! Pages that say that there is no such page.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::{Phrases, Signs, Table, folded};
use crate::fold;

/// What the page says, in its own words.
pub(super) fn find(signs: &Signs) -> Option<String> {
    if signs.dated && !signs.is_thin() {
        return None;
    }
    let [title, heading] = &signs.parts;
    // Other words for it are believed of a page that has no text of its own.
    let bare = !signs.dated && signs.is_bare();
    let in_title = title.iter().any(|part| says(part) || bare && tells(part));
    let in_heading = heading.iter().any(|part| says(part) || bare && tells(part));
    let found = match (in_title, in_heading) {
        // What says so twice, and is no dated article, says it of itself.
        (true, true) => !signs.dated || signs.is_thin(),
        // A long page under a headline of its own is an article with an unlucky title.
        (true, false) => !signs.dated && (signs.is_bare() || heading.iter().all(|part| is_name(part, title))),
        // A long page with a title of its own has a heading somewhere that is not for this reader.
        (false, true) => !signs.dated && (signs.is_bare() || title.iter().all(|part| is_name(part, &[]))),
        // “404”, or “Oops!”, and why in the text.
        (false, false) => {
            let number = |parts: &[String]| parts.iter().any(|part| part == "404");
            let numbered = || number(title) || number(heading);
            !signs.dated
                && (signs.is_scant() && (numbered() || explains(&signs.text))
                    || signs.is_bare() && number(title) && number(heading))
        }
    };
    let own_words = || match (in_title, in_heading) {
        (_, true) => signs.heading.to_owned(),
        (true, _) => signs.title.to_owned(),
        _ => signs.text.chars().take(80).collect(),
    };
    found.then(own_words)
}

/// The name of a site: a part of the title, or of a few words.
fn is_name(part: &str, title: &[String]) -> bool {
    const FEW: usize = 2;
    title.iter().any(|other| other == part) || part.split_whitespace().count() <= FEW
}

/// Is this part of a title nothing but the message? A headline that merely quotes it says more.
fn says(part: &str) -> bool {
    // Hardly any title has any of these words.
    static ANY: LazyLock<AhoCorasick> =
        LazyLock::new(|| AhoCorasick::new(PHRASES.iter().chain(SHORT.iter())).expect("the words are few"));
    if !ANY.is_match(part) {
        return false;
    }
    let length = part.chars().count();
    let whole = |phrase: &String| {
        let Some(at) = part.find(phrase.as_str()) else { return false };
        let bare = phrase.chars().count();
        // Words that begin or end inside of others are not these words.
        let before = part[..at].chars().next_back().is_none_or(|c| !joins(c));
        let after = part[at + phrase.len()..].chars().next().is_none_or(|c| !joins(c));
        before
            && after
            && (bare * 2 >= length || only_fillers(&part[..at]) && only_fillers(&part[at + phrase.len()..]))
    };
    let short = |phrase: &String| {
        part.find(phrase.as_str())
            .is_some_and(|at| only_fillers(&part[..at]) && only_fillers(&part[at + phrase.len()..]))
    };
    PHRASES.iter().any(whole) || SHORT.iter().any(short)
}

/// Does a short line say of a page, in any words, that it is not there, and nothing else? A headline that has
/// these words and others (“Article 5 no longer holds”) is one about something else.
fn tells(part: &str) -> bool {
    const MOST: usize = 11;
    // Hardly any title has a word for a page.
    static PAGES: LazyLock<AhoCorasick> = LazyLock::new(|| {
        let stems = ABSENT.iter().flat_map(|language| &language.pages).map(|page| page.text.as_str());
        AhoCorasick::new(stems).expect("the words are few")
    });
    if !PAGES.is_match(part) {
        return false;
    }
    let words = fold::words(part);
    words.len() <= MOST
        && ABSENT.iter().any(|language| {
            if language.pages.iter().any(|page| page.text.chars().any(super::is_wide)) {
                language.says_joined(&words.concat())
            } else {
                language.says(&words)
            }
        })
}

/// The words for a page in one language, those by which it is not there, and those around them; folded.
struct Language {
    pages: Vec<Phrase>,
    absent: Vec<Phrase>,
    around: Vec<Phrase>,
}

/// Words one after another; the last may be the stem of a word.
struct Phrase {
    text: String,
    words: Vec<String>,
    stem: bool,
}

impl Phrase {
    fn new(text: &str) -> Self {
        let words = fold::words(text);
        Phrase { text: words.join(" "), words, stem: text.ends_with('*') }
    }

    /// How many words it takes at the beginning of these.
    fn begins(&self, words: &[String]) -> Option<usize> {
        // Endings, not the rest of another word.
        const ENDING: usize = 5;
        let words = words.get(..self.words.len())?;
        let ((last, own), before) = (words.last().zip(self.words.last())?, self.words.len() - 1);
        let ends = match last.strip_prefix(own.as_str()) {
            Some("") => true,
            Some(ending) => self.stem && ending.chars().count() <= ENDING,
            None => false,
        };
        (ends && words[..before] == self.words[..before]).then_some(self.words.len())
    }
}

impl Language {
    fn says(&self, words: &[String]) -> bool {
        let places = |phrases: &[Phrase]| -> Vec<(usize, usize)> {
            let from =
                |at: usize| phrases.iter().filter_map(move |p| Some((at, at + p.begins(&words[at..])?)));
            (0..words.len()).flat_map(from).collect()
        };
        let around = places(&self.around);
        let (pages, absent) = (places(&self.pages), places(&self.absent));
        let rest = |taken: &[(usize, usize)]| {
            (0..words.len()).all(|at| {
                taken.iter().chain(&around).chain(&absent).any(|(from, to)| (*from..*to).contains(&at))
                    || FILLERS.iter().any(|filler| *filler == words[at])
            })
        };
        pages.iter().any(|page| absent.iter().any(|absent| rest(&[*page, *absent])))
    }

    /// As [`Language::says`], of a script without spaces.
    fn says_joined(&self, text: &str) -> bool {
        let without = |text: &str, phrase: &Phrase| text.replace(phrase.text.as_str(), " ");
        self.pages.iter().filter(|page| text.contains(page.text.as_str())).any(|page| {
            let rest = without(text, page);
            self.absent.iter().filter(|absent| rest.contains(absent.text.as_str())).any(|absent| {
                let rest = without(&rest, absent);
                self.around.iter().fold(rest, |rest, around| without(&rest, around)).trim().is_empty()
            })
        })
    }
}

static ABSENT: LazyLock<Vec<Language>> = LazyLock::new(|| {
    let phrases = |text: &str| -> Vec<Phrase> { text.split(", ").map(Phrase::new).collect() };
    let language = |(pages, absent, around): &(&str, &str, &str)| {
        let mut around: Vec<Phrase> = around.split(' ').map(Phrase::new).collect();
        // The longer of two that begin alike is meant.
        around.sort_by_key(|phrase| std::cmp::Reverse(phrase.text.len()));
        Language { pages: phrases(pages), absent: phrases(absent), around }
    };
    WORDS.iter().map(language).collect()
});

/// `*` stands for an ending.
const WORDS: &[(&str, &str, &str)] = &[
    (
        "page, article, content, link, url, story, post",
        "seem to find, seem to exist, not found, not be found, can't find, cannot find, couldn't find, could not find, can't be found, couldn't be found, doesn't exist, does not exist, not exist, no longer exist, no longer exists, no longer here, no longer available, isn't here, not here, is gone, has gone, gone missing, went missing, is missing, has moved or, unable to find, isn't available, not available, has been deleted, was deleted, has been removed, was removed",
        "cant couldnt doesnt you youre youve were weve after to seem seems sorry any more find requested searching following by over right now at moment either isnt may might have or moved want wanted tried trying reach access visit there theres there's such i im afraid our my unfortunately currently",
    ),
    (
        "pagina, contenuto, articolo, larticolo",
        "non trovat*, non esist*, non e stat* trovat*, non e disponibile, non disponibile, non e piu disponibile, non e piu qui, non e piu online, non c'e, non c'e piu, inesistente, non abbiamo trovato, non riusciamo a trovare, non e raggiungibile, e stata rimossa, e stato rimosso",
        "il la l lo questa questo quest che hai stai state stavi cerchi cercavi cerca cercando cercata cercato richiesta richiesto desiderata piu ci dispiace siamo spiacenti ma purtroppo attenzione ooops oops esiste disponibile o e stata spostata",
    ),
    (
        "page, contenu, article, larticle",
        "introuvable, n'existe pas, n'existe plus, non trouve*, pas trouve*, n'est pas disponible, n'est plus disponible, n'est plus la, n'est plus en ligne, pas ete trouve*, inexistant*, impossible de trouver, a ete supprime*",
        "la le l cette cet ce que vous nous navons avons na n a ete pas plus est oups ou recherchez cherchez recherchee demandee demande desole desolee malheureusement disponible existe existe semble votre",
    ),
    (
        "seite, inhalt, artikel, beitrag",
        "nicht gefunden, nicht finden, gibt es nicht, gibt es leider nicht, gibts nicht, existiert nicht, existiert leider nicht, nicht mehr, nicht vorhanden, nicht verfugbar, nicht erreichbar, nicht auffindbar, wurde geloscht, wurde entfernt",
        "die der den das diese dieser diesen dieses wir konnten konnte kann konnen wurde werden ist es leider nicht mehr gibt existiert verfugbar vorhanden erreichbar ihre ihnen sie gesuchte gesuchten gewunschte gewunschten angeforderte angeforderten aufgerufene aufgerufenen gefunden finden hoppla ups entschuldigung tut uns leid oder online da hier",
    ),
    (
        "pagina, contenido, articulo",
        "no encontr*, no se encontr*, no se ha encontrado, no existe, no esta disponible, no disponible, ya no existe, ya no esta disponible, ya no esta aqui, no hemos encontrado, no hemos podido encontrar, no ha sido encontrada",
        "la el esta este que buscas busca buscabas buscaba estas esta buscando solicitada solicitado solicitaste ya lo sentimos ups vaya uy lamentablemente pero se",
    ),
    (
        "pagina, conteudo, artigo",
        "nao encontrad*, nao foi encontrad*, nao localizad*, nao foi localizad*, nao existe, nao existe mais, nao esta disponivel, nao disponivel, nao encontramos, nao conseguimos encontrar, inexistente",
        "a o esta este essa esse que voce procura procurava procurada esta procurando procurado solicitada mais desculpe lamentamos ops infelizmente pedimos desculpa",
    ),
    (
        "pagina",
        "no trobad*, no hem trobat, no s'ha trobat, no existeix, non atopad*, non existe",
        "la aquesta que cerques busques cercada solicitada a esta buscas ho sentim vaja",
    ),
    (
        "pagina, artikel",
        "niet gevonden, niet vinden, bestaat niet, bestaat helaas niet, niet meer, niet beschikbaar, niet bereikbaar",
        "de het deze dit die u je jij wij we kunnen konden kan kon is zijn wordt werd helaas sorry oeps zoekt zocht opgevraagde gevraagde gezochte gezocht bestaat meer beschikbaar gevonden",
    ),
    (
        "sidan, sida, artikeln",
        "hittades inte, inte hitta, hittar inte, hittar vi inte, finns inte, finns ej, saknas, kunde inte hittas",
        "den denna det har tyvarr vi kan kunde du soker sokte letar efter begarda som langre kvar hoppsan oj att",
    ),
    (
        "siden, side, artiklen, artikkelen",
        "ikke findes, findes ikke, blev ikke fundet, ikke finde, ikke fundet, finner ikke, finnes ikke, fant ikke, ikke funnet, kan ikke vises, eksisterer ikke",
        "den denne det vi kan kunne du leter letter leder soger søger sogte efter etter ble blev er desværre desvaerre dessverre beklager ups oops som lengre laengere længere",
    ),
    (
        "sivu, sivua, sivusto, sivustoa",
        "ei loyt*, ei loyd*, ei ole, ei ole olemassa, ei valitettavasti loyd*",
        "hakemaasi etsimaasi hakemasi etsimasi pyytamaasi tata tama valitettavasti olemassa enaa ole hups",
    ),
    (
        "siða, siðan, sida, sidan",
        "fannst ekki, finnst ekki, er ekki til",
        "þessi sem þu ert leitar leitadir leitaðir að ad því þvi miður",
    ),
    (
        "strona, strony, strone",
        "nie znalez*, nie zostala znaleziona, nie zostala odnaleziona, nie istnieje, nie ma, nie odnalez*, niedostepna, jest niedostepna",
        "ta tej te takiej taka ktorej szukasz szukana szukanej zadana zadanej podana juz przepraszamy niestety ups podanej wybrana",
    ),
    (
        "strank*, clanek, clanok",
        "nenalez*, nenasl*, nebyla nalezena, nebyla nenalezena, neexistuje, nenajden*, nebola najdena, sa nenasla, nie je dostupna",
        "tato tuto tato pozadovana pozadovanou pozadovanu hledana hledanou hladana hladanu kterou ktoru hledate hladate jsme sme bohuzel zial omlouvame se sa ospravedlnujeme uz jiz byla",
    ),
    (
        "stran, strani",
        "ni najdena, ni bila najdena, ni mogoce najti, ne obstaja, nismo nasli, ni bilo mogoce najti",
        "ta te iskane iskana zahtevane zahtevana ki jo iscete zal vec smo zahtevano",
    ),
    (
        "stranic*",
        "nije pronadena, nije pronađena, ne postoji, nismo pronasli, nije nadena, nije nađena, nije dostupna",
        "ova ovu koju trazite trazena trazenu zao nam je nazalost vise ne",
    ),
    (
        "oldal",
        "nem talalhat*, nem letez*, nem talaltuk, nem talaljuk, nem elerheto",
        "a az ez keresett kert megadott sajnos sajnaljuk hoppa mar amit keres ilyen",
    ),
    (
        "pagina",
        "nu a fost gasit*, nu exista, nu mai exista, nu a putut fi gasit*, nu este disponibil*, negasit*",
        "aceasta pe care o cautati cauti cautata solicitata ne pare rau din pacate ups",
    ),
    ("faqja", "nuk u gjet, nuk ekziston", "kjo qe ju kerkoni kerkuar e"),
    (
        "lapa, leht, lehte, lehekulge, lehekulg, puslapis",
        "nav atrasta, neeksiste, neeksisteeri, ei leitud, ei leidnud, nerastas, neegzistuoja, ei eksisteeri",
        "si seda see otsitud mekleta toks ieskomas jusu",
    ),
    (
        "страниц*",
        "не найден*, не существует, нет, не нашли, не нашлась, удалена, недоступна, не обнаружена",
        "такой такая эта эту этой данная запрашиваемая запрошенная запрашиваемой которую вы ищете ищите искали мы к сожалению извините больше была или увы здесь уже",
    ),
    (
        "сторінк*, сторінок",
        "не знайден*, не існує, немає, видалена, недоступна",
        "такої така ця цієї цю яку ви шукаєте шукали запитувана на жаль вибачте більше ми або була",
    ),
    ("старонк*", "не знойдзена, не існуе", "такой такая гэта гэтая вы шукаеце на жаль"),
    (
        "страниц*",
        "не е намерена, не беше намерена, не съществува, не е пронајдена, не постои, не постоји, није пронађена, нисмо пронашли",
        "тази която търсите търсената търсена страницата за съжаление оваа што ја барате бараната тражена тражену ова ову коју тражите нажалост",
    ),
    (
        "σελιδα, σελιδας",
        "δεν υπαρχει, δεν βρεθηκε, δεν ειναι διαθεσιμη, δεν μπορει να βρεθει",
        "η την αυτη που ζητησατε αναζητατε αναζητησατε ψαχνετε δυστυχως πια πλεον ζητουμενη",
    ),
    (
        "sayfa, sayfayı, sayfasi",
        "bulunama*, bulamad*, mevcut degil, yok, bulunmuyor",
        "aradığınız aradıginiz aradiginiz bu böyle boyle bir üzgünüz uzgunuz maalesef istediğiniz erişmek istenen artık",
    ),
    ("səhifə, sehife", "tapilma*, tapılma*, movcud deyil, mövcud deyil", "axtardığınız bu belə bir"),
    ("გვერდი", "ვერ მოიძებნა, არ არსებობს", "ეს ასეთი მოთხოვნილი"),
    ("էջը", "չի գտնվել, գոյություն չունի", "այս"),
    (
        "صفحة, الصفحة, المحتوى",
        "غير موجود*, لم يتم العثور, لم يتم العثور على, غير متوفر*, غير متاح*, لا توجد, لم نجد, تعذر العثور, تعذر العثور على",
        "عذرا هذه هذا المطلوبة المطلوب التي الذي تبحث عنها عنه على عن للأسف آسف نأسف",
    ),
    (
        "صفحه",
        "یافت نشد, پیدا نشد, وجود ندارد, موجود نیست, پیدا نکردیم",
        "مورد نظر شما این درخواستی متاسفانه ای صفحه‌ی با متأسفانه را",
    ),
    ("صفحہ", "نہیں ملا, موجود نہیں", "یہ مطلوبہ ہے معذرت آپ کا"),
    (
        "דף, הדף, עמוד, העמוד",
        "לא נמצא, לא קיים, אינו קיים, לא מצאנו",
        "המבוקש שחיפשת שחיפשתם מבוקש זה הזה את מצטערים אופס אך ש",
    ),
    (
        "पृष्ठ, पेज",
        "नहीं मिला, उपलब्ध नहीं, मौजूद नहीं, नहीं मिल, नहीं मिल रहा",
        "यह है आपका अनुरोधित क्षमा करें माफ़ वह हमें आप जो ढूंढ रहे हैं सका",
    ),
    ("পৃষ্ঠা, পাতা, পৃষ্ঠাটি, পাতাটি", "পাওয়া যায়নি, খুঁজে পাওয়া যায়নি", "দুঃখিত এই আপনার অনুরোধকৃত"),
    ("หน้า", "ไม่พบ, ไม่มี", "ขออภัย ที่ คุณ ต้องการ นี้ เว็บ ค้นหา ท่าน กำลัง อยู่ ใน ระบบ ร้องขอ เรา"),
    (
        "trang",
        "khong tim thay, khong ton tai, khong con, khong kha dung",
        "ban tim kiem dang nay yeu cau xin loi rat tiec ton tai can",
    ),
    (
        "halaman, laman",
        "tidak ditemukan, tidak ditemui, tidak dijumpai, tidak ada, tidak tersedia, tidak dapat ditemukan, tidak wujud",
        "yang anda cari minta ini tersebut maaf lagi diminta kami",
    ),
    ("pahina", "hindi nahanap, hindi makita, wala", "ang na ito hinahanap mo paumanhin"),
    ("ukurasa", "haukupatikana, haupo", "huu uliotafuta samahani"),
    (
        "ページ",
        "見つかりませんでした, 見つかりません, 存在しません, ありません, ございません, 見つけられません",
        "この その ご お探し 指定 された アクセス の は が を に も 存在しない ようです 申し訳 ありません ございません 現在 該当 する したか 削除 移動 または 可能性 あります すでに",
    ),
    (
        "页面, 頁面, 网页, 網頁",
        "不存在, 未找到, 找不到, 没有找到, 沒有找到, 无法找到, 無法找到, 不见了, 不見了, 已删除, 已刪除",
        "抱歉 对不起 對不起 很 这个 這個 此 该 該 您 你 所 要 访问 訪問 请求 請求 查找 查看 浏览 瀏覽 的 了 已 或 我们 我們 哎呀 您的 寻找 尋找",
    ),
    (
        "페이지*",
        "찾을 수 없습니다, 찾을 수 없음, 존재하지 않습니다, 존재하지 않는, 없습니다, 삭제되었습니다",
        "이 해당 요청하신 요청한 찾으시는 죄송합니다 원하시는 를 는 었습니다 더 이상 습니다",
    ),
];

/// A letter of a script in which words have ends.
fn joins(c: char) -> bool {
    c.is_alphabetic() && !super::is_wide(c)
}

/// Does the text say it in a sentence?
fn explains(text: &str) -> bool {
    SENTENCES.first_in(std::iter::once(text)).is_some()
}

/// Nothing but words that stand around such a message.
fn only_fillers(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .all(|word| FILLERS.iter().any(|filler| filler == word))
}

static FILLERS: Table = Table::new(|| {
    folded(&[
        "404",
        "410",
        "error",
        "http",
        "status",
        "code",
        "sorry",
        "oops",
        "ooops",
        "whoops",
        "oh",
        "no",
        "uh",
        "hmm",
        "well",
        "the",
        "this",
        "that",
        "a",
        "we",
        "re",
        "are",
        "is",
        "was",
        "it",
        "looks",
        "like",
        "page",
        "your",
        "you",
        "requested",
        "looking",
        "for",
        "url",
        "could",
        "not",
        "be",
        "been",
        "found",
        "cannot",
        "can",
        "t",
        "does",
        "exist",
        "has",
        "moved",
        "removed",
        "or",
        "deleted",
        "here",
        "anymore",
        "longer",
        "available",
        "erreur",
        "errore",
        "ops",
        "ci",
        "dispiace",
        "spiacenti",
        "pagina",
        "la",
        "fehler",
        "hoppla",
        "ups",
        "leider",
        "lo",
        "sentimos",
        "pagina",
        "erro",
        "desculpe",
        "fout",
        "helaas",
        "ошибка",
        "страница",
        "помилка",
        "błąd",
        "fel",
        "feil",
        "fejl",
        "virhe",
        "chyba",
        "hiba",
        "eroare",
        "hata",
        "σφάλμα",
        "エラー",
        "错误",
        "오류",
    ])
});

/// What says so wherever it is half of what is said.
static PHRASES: Table = Table::new(|| {
    folded(&[
        // English
        "page not found",
        "page was not found",
        "page cannot be found",
        "page can't be found",
        "page can’t be found",
        "page could not be found",
        "page couldn't be found",
        "page couldn’t be found",
        "can't find that page",
        "can’t find that page",
        "can't find the page",
        "can’t find the page",
        "couldn't find that page",
        "couldn’t find that page",
        "page does not exist",
        "page doesn't exist",
        "page doesn’t exist",
        "page no longer exists",
        "page is no longer available",
        "page no longer available",
        "page isn't available",
        "page isn’t available",
        "page is not available",
        "page unavailable",
        "page not available",
        "page missing",
        "missing page",
        "page has been removed",
        "page you requested could not be found",
        "page you are looking for",
        "page you were looking for",
        "article not found",
        "article no longer available",
        "document not found",
        "content not found",
        "content unavailable",
        "content no longer available",
        "content is no longer available",
        "file not found",
        "resource not found",
        "resource cannot be found",
        "story not found",
        "post not found",
        "post does not exist",
        "video unavailable",
        "video not found",
        "this video is unavailable",
        "this video isn't available anymore",
        "account suspended",
        "account has been suspended",
        "no such page",
        "404 not found",
        "404 page",
        "404 error",
        "error 404",
        "http 404",
        "410 gone",
        // Italian
        "pagina non trovata",
        "pagina non è stata trovata",
        "pagina non esiste",
        "pagina inesistente",
        "pagina non disponibile",
        "pagina non più disponibile",
        "pagina richiesta non",
        "pagina che cerchi non",
        "pagina che stai cercando",
        "contenuto non trovato",
        "contenuto non disponibile",
        "articolo non trovato",
        "documento non trovato",
        "errore 404",
        // French
        "page introuvable",
        "page non trouvée",
        "page inexistante",
        "page n'existe pas",
        "page n’existe pas",
        "page n'existe plus",
        "page n’existe plus",
        "page demandée n",
        "page que vous cherchez",
        "page que vous recherchez",
        "page indisponible",
        "contenu introuvable",
        "contenu indisponible",
        "article introuvable",
        "document introuvable",
        "erreur 404",
        // German
        "seite nicht gefunden",
        "seite wurde nicht gefunden",
        "seite konnte nicht gefunden werden",
        "seite existiert nicht",
        "seite nicht verfügbar",
        "seite ist nicht verfügbar",
        "seite nicht mehr verfügbar",
        "seite leider nicht gefunden",
        "gewünschte seite",
        "gesuchte seite",
        "inhalt nicht gefunden",
        "inhalt nicht verfügbar",
        "artikel nicht gefunden",
        "beitrag nicht gefunden",
        "dokument nicht gefunden",
        "fehler 404",
        "404 fehler",
        "404-fehler",
        // Spanish, Catalan, Galician
        "página no encontrada",
        "página no existe",
        "página no disponible",
        "página no se encuentra",
        "página no ha sido encontrada",
        "página que buscas",
        "página que busca",
        "no se encontró la página",
        "no se ha encontrado la página",
        "contenido no encontrado",
        "contenido no disponible",
        "artículo no encontrado",
        "pàgina no trobada",
        "no s'ha trobat la pàgina",
        "no s’ha trobat la pàgina",
        "páxina non atopada",
        // Portuguese
        "página não encontrada",
        "página não existe",
        "página não foi encontrada",
        "página não disponível",
        "página inexistente",
        "conteúdo não encontrado",
        "erro 404",
        // Dutch, Afrikaans
        "pagina niet gevonden",
        "pagina bestaat niet",
        "pagina is niet gevonden",
        "pagina kan niet worden gevonden",
        "pagina niet beschikbaar",
        "artikel niet gevonden",
        "fout 404",
        "bladsy nie gevind nie",
        // Nordic
        "sidan hittades inte",
        "sidan kunde inte hittas",
        "sidan finns inte",
        "sidan saknas",
        "siden blev ikke fundet",
        "siden findes ikke",
        "siden kunne ikke findes",
        "siden ble ikke funnet",
        "siden finnes ikke",
        "fant ikke siden",
        "sivua ei löytynyt",
        "sivua ei löydy",
        "síða fannst ekki",
        "síðan fannst ekki",
        // Baltic
        "lehte ei leitud",
        "lapa nav atrasta",
        "puslapis nerastas",
        // Polish, Czech, Slovak, Slovenian, Croatian, Hungarian, Romanian, Albanian
        "strona nie została znaleziona",
        "strona nie istnieje",
        "nie znaleziono strony",
        "strony nie znaleziono",
        "nie ma takiej strony",
        "błąd 404",
        "stránka nenalezena",
        "stránka nebyla nalezena",
        "stránka neexistuje",
        "stránka nenájdená",
        "stránka sa nenašla",
        "stránka nebola nájdená",
        "chyba 404",
        "stran ni najdena",
        "strani ni mogoče najti",
        "stranica nije pronađena",
        "stranica ne postoji",
        "strana nije pronađena",
        "az oldal nem található",
        "a keresett oldal nem található",
        "pagina nu a fost găsită",
        "pagina nu există",
        "faqja nuk u gjet",
        // Cyrillic
        "страница не найдена",
        "страницы не существует",
        "страница не существует",
        "страница удалена",
        "ошибка 404",
        "сторінку не знайдено",
        "сторінка не знайдена",
        "сторінки не існує",
        "помилка 404",
        "старонка не знойдзена",
        "страницата не е намерена",
        "страницата не беше намерена",
        "страница није пронађена",
        "страницата не е пронајдена",
        // Greek, Turkish, Azerbaijani, Georgian, Armenian
        "η σελίδα δεν βρέθηκε",
        "η σελίδα δεν υπάρχει",
        "σφάλμα 404",
        "sayfa bulunamadı",
        "böyle bir sayfa yok",
        "səhifə tapılmadı",
        "გვერდი ვერ მოიძებნა",
        "էջը չի գտնվել",
        // Arabic, Persian, Urdu, Hebrew
        "الصفحة غير موجودة",
        "لم يتم العثور على الصفحة",
        "صفحه یافت نشد",
        "صفحه مورد نظر یافت نشد",
        "صفحہ نہیں ملا",
        "הדף לא נמצא",
        "העמוד לא נמצא",
        // South and South-East Asia
        "पृष्ठ नहीं मिला",
        "पेज नहीं मिला",
        "পৃষ্ঠা পাওয়া যায়নি",
        "ไม่พบหน้า",
        "ไม่พบหน้าที่คุณ",
        "không tìm thấy trang",
        "trang không tồn tại",
        "halaman tidak ditemukan",
        "halaman tidak dijumpai",
        "hindi nahanap ang pahina",
        "ukurasa haukupatikana",
        // East Asia
        "ページが見つかりません",
        "ページは見つかりません",
        "ページは存在しません",
        "お探しのページ",
        "页面不存在",
        "页面未找到",
        "找不到页面",
        "页面没有找到",
        "您访问的页面",
        "頁面不存在",
        "找不到網頁",
        "找不到頁面",
        "페이지를 찾을 수 없습니다",
        "존재하지 않는 페이지",
        // Servers and hosts that have nothing to show
        "welcome to nginx",
        "apache2 ubuntu default page",
        "apache2 debian default page",
        "iis windows server",
        "default web site page",
        "website no longer available",
        "site not found",
        "website expired",
        "blog has been removed",
    ])
});

/// What says so only where nothing else is said.
static SHORT: Table = Table::new(|| {
    folded(&[
        "not found",
        "nothing found",
        "no longer available",
        "does not exist",
        "doesn't exist",
        "non trovato",
        "non trovata",
        "non disponibile",
        "introuvable",
        "non trouvé",
        "n'existe pas",
        "n’existe pas",
        "nicht gefunden",
        "existiert nicht",
        "no encontrado",
        "no encontrada",
        "no existe",
        "não encontrado",
        "não encontrada",
        "niet gevonden",
        "nie znaleziono",
        "hittades inte",
        "ikke funnet",
        "ikke fundet",
        "ei löytynyt",
        "nenalezeno",
        "nem található",
        "не найдено",
        "не найдена",
        "не знайдено",
        "δεν βρέθηκε",
        "bulunamadı",
        "غير موجود",
        "یافت نشد",
        "לא נמצא",
        "见つかりません",
        "見つかりません",
        "未找到",
        "찾을 수 없습니다",
        "không tìm thấy",
        "tidak ditemukan",
    ])
});

/// Sentences of a text that has little else.
static SENTENCES: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(&[
        "page you are looking for",
        "page you were looking for",
        "page you're looking for",
        "page you’re looking for",
        "page you have requested",
        "page you requested",
        "page that you requested",
        "requested page could not be found",
        "requested url was not found",
        "the page cannot be found",
        "we can't find the page",
        "we can’t find the page",
        "we couldn't find the page",
        "we couldn’t find the page",
        "this page doesn't exist",
        "this page doesn’t exist",
        "this page could not be found",
        "this page isn't available",
        "this page isn’t available",
        "the link you followed may be broken",
        "pagina che stai cercando",
        "pagina che cerchi",
        "pagina richiesta non",
        "la pagina non esiste",
        "la page que vous cherchez",
        "la page que vous recherchez",
        "la page demandée",
        "cette page n'existe",
        "cette page n’existe",
        "die gesuchte seite",
        "die gewünschte seite",
        "die angeforderte seite",
        "diese seite existiert nicht",
        "la página que buscas",
        "la página que busca",
        "la página que está buscando",
        "la página solicitada",
        "a página que você",
        "a página que procura",
        "de pagina die u zoekt",
        "de pagina die je zoekt",
        "de opgevraagde pagina",
        "strona, której szukasz",
        "sidan du söker",
        "siden du leter etter",
        "siden du leder efter",
        "запрашиваемая страница",
        "запрошенная страница",
        "запитувана сторінка",
        "aradığınız sayfa",
        "お探しのページ",
        "您访问的页面不存在",
        "您所访问的页面",
        "요청하신 페이지",
    ])
});
