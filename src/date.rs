//! Dates as people print them: as precise as they are written, in many languages.
//!
//! A [`PartialDate`] never holds more than was read: a bare year stays a year. [`find`] scans a
//! text and returns every date in it with its place, so that citation parsing and page reading
//! share one idea of what a date looks like.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use unicode_normalization::char::is_combining_mark;

use crate::fold::{ByFnv, fold, with_folded};

/// A Gregorian date cut to the precision at which it was given.
///
/// Displayed and serialised as ISO 8601, reduced precision: `2025-02-14`, `2025-02`, `2025`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate {
    /// Year, 1000 to 9999.
    pub year: i16,
    /// Month, 1 to 12.
    pub month: Option<u8>,
    /// Day of the month; only with a month.
    pub day: Option<u8>,
}

impl PartialDate {
    /// A whole date, if the calendar has that day.
    pub fn ymd(year: i16, month: u8, day: u8) -> Option<Self> {
        let year = (1000..=9999).contains(&year).then_some(year)?;
        jiff::civil::Date::new(year, month.cast_signed(), day.cast_signed()).ok()?;
        Some(PartialDate { year, month: Some(month), day: Some(day) })
    }

    /// A month of a year.
    pub fn ym(year: i16, month: u8) -> Option<Self> {
        ((1000..=9999).contains(&year) && (1..=12).contains(&month)).then_some(PartialDate {
            year,
            month: Some(month),
            day: None,
        })
    }

    /// A year alone.
    pub fn y(year: i16) -> Option<Self> {
        (1000..=9999).contains(&year).then_some(PartialDate { year, month: None, day: None })
    }

    /// Does this date, at its own precision, contain the other one? `2025-02` contains
    /// `2025-02-14`; the reverse is false.
    pub fn contains(&self, other: &PartialDate) -> bool {
        self.year == other.year
            && (self.month.is_none() || self.month == other.month)
            && (self.day.is_none() || self.day == other.day)
    }

    /// Do the two agree as far as both go?
    pub fn agrees(&self, other: &PartialDate) -> bool {
        self.contains(other) || other.contains(self)
    }

    /// The calendar day, where the date has one.
    pub fn civil(&self) -> Option<jiff::civil::Date> {
        jiff::civil::Date::new(self.year, self.month?.cast_signed(), self.day?.cast_signed()).ok()
    }

    /// Days from `self` to `other`, where both have a day.
    pub fn days_until(&self, other: &PartialDate) -> Option<i32> {
        let span = self.civil()?.until((jiff::Unit::Day, other.civil()?)).ok()?;
        Some(span.get_days())
    }

    /// The last calendar day that the date covers.
    pub fn last_day(&self) -> Option<jiff::civil::Date> {
        let month = self.month.unwrap_or(12).cast_signed();
        match self.day {
            Some(_) => self.civil(),
            None => Some(jiff::civil::Date::new(self.year, month, 1).ok()?.last_of_month()),
        }
    }
}

impl From<jiff::civil::Date> for PartialDate {
    fn from(date: jiff::civil::Date) -> Self {
        PartialDate {
            year: date.year(),
            month: Some(date.month().unsigned_abs()),
            day: Some(date.day().unsigned_abs()),
        }
    }
}

impl PartialDate {
    /// As English notes write it: `11 March 2025`, `March 2025`, `2025`.
    pub fn in_words(&self) -> String {
        const NAMES: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let month = self.month.and_then(|month| NAMES.get(usize::from(month) - 1));
        match (self.day, month) {
            (Some(day), Some(month)) => format!("{day} {month} {}", self.year),
            (None, Some(month)) => format!("{month} {}", self.year),
            _ => self.year.to_string(),
        }
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
            if let Some(day) = self.day {
                write!(f, "-{day:02}")?;
            }
        }
        Ok(())
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The text is not `YYYY`, `YYYY-MM` or `YYYY-MM-DD` of a real day.
#[derive(Debug, thiserror::Error)]
#[error("not a date of the form YYYY, YYYY-MM or YYYY-MM-DD")]
pub struct NotADate;

impl FromStr for PartialDate {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        let mut parts = text.splitn(3, '-');
        let mut next = |width: usize| -> Result<Option<i16>, NotADate> {
            match parts.next() {
                None => Ok(None),
                Some(part) if part.len() == width && part.bytes().all(|b| b.is_ascii_digit()) => {
                    part.parse().map(Some).map_err(|_| NotADate)
                }
                Some(_) => Err(NotADate),
            }
        };
        let date = match (next(4)?, next(2)?, next(2)?) {
            (Some(y), Some(m), Some(d)) => {
                PartialDate::ymd(y, u8::try_from(m).unwrap_or(0), u8::try_from(d).unwrap_or(0))
            }
            (Some(y), Some(m), None) => PartialDate::ym(y, u8::try_from(m).unwrap_or(0)),
            (Some(y), None, None) => PartialDate::y(y),
            _ => None,
        };
        date.ok_or(NotADate)
    }
}

/// A date found in running text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundDate {
    /// Bytes of the text that spell the date.
    pub range: Range<usize>,
    /// The date, or the first one of a range.
    pub date: PartialDate,
    /// The last date of a range such as `12–14 February 2025`.
    pub end: Option<PartialDate>,
    /// The other reading of `03/04/2025`: `date` holds day-first, this month-first.
    pub other_reading: Option<PartialDate>,
    /// A day was written that the calendar does not have (31 February); `date` is then cut to
    /// the month.
    pub impossible: bool,
}

impl FoundDate {
    fn new(range: Range<usize>, date: PartialDate) -> Self {
        FoundDate { range, date, end: None, other_reading: None, impossible: false }
    }
}

/// Month names and their usual abbreviations, folded; index 0 is January. Languages: English,
/// German (and Austrian), French, Italian, Spanish, Portuguese, Dutch, Danish, Norwegian,
/// Swedish, Finnish, Polish, Czech, Hungarian, Romanian, Turkish, Indonesian, Russian, Ukrainian,
/// Greek, Bulgarian, Serbian, Croatian, Slovak, Slovene, Belarusian, Lithuanian, Latvian, Estonian,
/// Albanian, Catalan, Arabic, Persian, Hebrew, Hindi, Bengali, Thai, Armenian, Georgian (genitives, as
/// dates use them).
const MONTHS: [&str; 12] = [
    "january jan januar janner jaenner janvier janv gennaio genn gen enero ene janeiro januari ianuarie \
     tammikuuta stycznia styczen ledna leden ocak января январь сiчня січня ιανουαριου jaanuar janvaris \
     gener janar siecnja sijecnja januarja januara sausio януари јануар јануара янв січ студзеня ιαν \
     ιανουαριος يناير جانفي ژانویه ינואר בינואר जनवरी জানুয়ারি มกราคม հունվարի հունվար იანვარი xaneiro \
     ionawr yanvar қаңтар جنوری जानेवारी ஜனவரி జనవరి જાન્યુઆરી ജനുവരി ಜನವರಿ ਜਨਵਰੀ ဇန်နဝါရီ",
    "february feb febr februar feber fevrier fevr fev febbraio febb febrero fevereiro februari februarie \
     helmikuuta lutego luty unora unor subat şubat февраля февраль лютого φεβρουαριου veebruar februaris \
     febrer shkurt veljace februarja februara vasario февруари фебруар фебруара фев лют лютага φεβ \
     φεβρουαριος فبراير فيفري فوریه פברואר בפברואר फरवरी फ़रवरी ফেব্রুয়ারি กุมภาพันธ์ փետրվարի փետրվար \
     თებერვალი febreiro chwefror fevral pebrero ақпан феврал شباط فروری फेब्रुवारी फेब्रुअरी பிப்ரவரி \
     ఫిబ్రవరి ફેબ્રુઆરી ഫെബ്രുവരി ಫೆಬ್ರವರಿ ਫਰਵਰੀ ဖေဖော်ဝါရီ",
    "march mar marz maerz mrz mars marzo marco maart mart martie maaliskuuta marca marzec brezna brezen \
     марта март березня μαρτιου marts maret marcius marec ozujka kovo marta мар бер сакавіка μαρ μαρτιος \
     مارس מרץ במרץ मार्च মার্চ มีนาคม մարտի մարտ მარტი mawrth marso наурыз آذار مارچ மார்ச் మార్చి માર્ચ \
     മാർച്ച് ಮಾರ್ಚ್ ਮਾਰਚ မတ်",
    "april apr avril avr aprile abril abr aprilie huhtikuuta kwietnia kwiecien dubna duben nisan апреля \
     апрель квітня απριλιου aprill aprilis prill travnja aprila balandzio април априла апр кві красавіка \
     απρ απριλιος أبريل ابريل افريل آوریل אפריל באפריל अप्रैल এপ্রিল เมษายน ապրիլի ապրիլ აპრილი ebrill \
     aprel сәуір апрел نيسان اپریل एप्रिल अप्रिल ஏப்ரல் ఏప్రిల్ એપ્રિલ ഏപ്രിൽ ಏಪ್ರಿಲ್ ਅਪ੍ਰੈਲ ဧပြီ",
    "may mai maggio magg mayo maio mei maj toukokuuta maja kvetna kveten mayis мая май травня μαιου maijs \
     majus maig svibnja geguzes mayıs мај маја тра μαι μαϊου μαιος مايو ماي מאי במאי मई মে พฤษภาคม մայիսի \
     մայիս მაისი мамыр أيار ايار مئی മേയ് ਮਈ",
    "june jun juni juin giugno giu junio junho iunie kesakuuta czerwca czerwiec cervna cerven haziran \
     июня июнь червня ιουνιου juuni junijs junius juny qershor lipnja junija juna birzelio юни јун јуна \
     июн чер чэрвеня ιουν ιουνιος يونيو جوان ژوئن יוני ביוני जून জুন มิถุนายน հունիսի հունիս ივნისი xuno \
     mehefin iyun hunyo маусым حزيران जुन ஜூன் జూన్ જૂન ജൂൺ ಜೂನ್ ਜੂਨ ဇွန်",
    "july jul juli juillet juil luglio lug julio julho iulie heinakuuta lipca lipiec cervence cervenec \
     temmuz июля июль липня ιουλιου juuli julijs julius juliol korrik srpnja julija jula liepos юли јул \
     јула июл лип ліпеня ιουλ ιουλιος يوليو يوليوز جويلية ژوئیه יולי ביולי जुलाई জুলাই กรกฎาคม հուլիսի \
     հուլիս ივლისი xullo gorffennaf iyul hulyo шілде تموز جولائی जुलै ஜூலை జూలై જુલાઈ ജൂലൈ ಜುಲೈ ਜੁਲਾਈ \
     ဇူလိုင်",
    "august aug aout agosto ago ag augustus elokuuta sierpnia sierpien srpna srpen agustos августа август \
     серпня αυγουστου augusts augusztus agost gusht kolovoza avgusta augusta rugpjucio авг сер жніўня αυγ \
     αυγουστος أغسطس غشت أوت اوت אוגוסט באוגוסט अगस्त আগস্ট สิงหาคม օգոստոսի օգոստոս აგვისტო awst avqust \
     avgust agu тамыз آب اگست ऑगस्ट ஆகஸ்ட் ఆగస్టు ઓગસ્ટ ഓഗസ്റ്റ് ಆಗಸ್ಟ್ ਅਗਸਤ ဩဂုတ်",
    "september sep sept septembre settembre sett set septiembre setiembre setembro septembrie syyskuuta \
     wrzesnia wrzesien zari eylul сентября сентябрь вересня σεπτεμβριου septembris szeptember shtator \
     rujna septembra rugsejo wrz setembre септември септембар септембра сен сент вер верасня σεπ σεπτ \
     σεπτεμβριος سبتمبر شتنبر سپتامبر ספטמבר בספטמבר सितंबर सितम्बर সেপ্টেম্বর กันยายน սեպտեմբերի \
     სექტემბერი sentyabr setyembre қыркүйек сентябр أيلول ايلول ستمبر सप्टेंबर सेप्टेम्बर செப்டம்பர் \
     సెప్టెంబర్ સપ્ટેમ્બર സെപ്റ്റംബർ ಸೆಪ್ಟೆಂಬರ್ ਸਤੰਬਰ စက်တင်ဘာ",
    "october oct oktober okt octobre ottobre ott octubre outubro out oktobre octombrie lokakuuta \
     pazdziernika pazdziernik rijna rijen ekim октября октябрь жовтня οκτωβριου oktoober oktobris tetor \
     oktobra spalio октомври октобар октобра окт жов кастрычніка οκτ οκτωβριος أكتوبر اكتوبر اکتبر \
     אוקטובר באוקטובר अक्टूबर অক্টোবর ตุลาคม հոկտեմբերի ოქტომბერი hydref oktyabr oktubre қазан октябр \
     اکتوبر ऑक्टोबर अक्टोबर அக்டோபர் అక్టోబర్ ઓક્ટોબર ഒക്ടോബർ ಅಕ್ಟೋಬರ್ ਅਕਤੂਬਰ အောက်တိုဘာ",
    "november nov novembre noviembre novembro noiembrie marraskuuta listopada listopad listopadu kasim \
     ноября ноябрь листопада νοεμβριου novembris nentor studenoga studenog novembra lapkricio kasım \
     ноември новембар новембра ноя лис лістапада νοε νοεμβριος نوفمبر نونبر نوامبر נובמבר בנובמבר नवंबर \
     नवम्बर নভেম্বর พฤศจิกายน նոյեմբերի ნოემბერი tachwedd noyabr nobyembre қараша ноябр نومبر नोव्हेंबर \
     नोभेम्बर நவம்பர் నవంబర్ નવેમ્બર നവംബർ ನವೆಂಬರ್ ਨਵੰਬਰ နိုဝင်ဘာ",
    "december dec dezember dez decembre decem dicembre dic diciembre dezembro desember decembrie \
     joulukuuta grudnia grudzien prosince prosinec aralik декабря декабрь грудня δεκεμβριου detsember \
     decembris desembre dhjetor prosinca decembra gruodzio aralık декември децембар децембра дек гру \
     снежня δεκ δεκεμβριος ديسمبر دجنبر دسامبر דצמבר בדצמבר दिसंबर दिसम्बर ডিসেম্বর ธันวาคม դեկտեմբերի \
     დეკემბერი decembro rhagfyr dekabr disyembre желтоқсан декабр دسمبر डिसेंबर डिसेम्बर டிசம்பர் \
     డిసెంబర్ ડિસેમ્બર ഡിസംബർ ಡಿಸೆಂಬರ್ ਦਸੰਬਰ ဒီဇင်ဘာ",
];

/// Every name with its month; where two months share one, the first has it.
static BY_NAME: LazyLock<HashMap<String, u8, ByFnv>> = LazyLock::new(|| {
    let numbered = MONTHS.iter().zip(1..=12).rev();
    numbered
        .flat_map(|(names, month)| names.split_whitespace().map(move |name| (fold(name), month)))
        .collect()
});

/// The English names that are long enough for a slip of the pen to leave no other word.
static LONG_NAMES: LazyLock<Vec<(&str, u8)>> = LazyLock::new(|| {
    // The first name of each month is the English one.
    let english = MONTHS
        .iter()
        .zip(1..=12)
        .filter_map(|(names, month)| Some((names.split_whitespace().next()?, month)));
    english.filter(|(name, _)| name.len() >= 6).collect()
});

/// May a folded word be one of the names, or nearly one of the long ones? Told by its first letter and its
/// length, which is quicker than to look for it.
fn may_be_name(word: &[u8]) -> bool {
    /// The lengths of the names that begin with each letter, a bit for each.
    static LENGTHS: LazyLock<[u32; 26]> = LazyLock::new(|| {
        let mut lengths = [0; 26];
        for name in BY_NAME.keys().filter(|name| name.is_ascii()) {
            lengths[usize::from(name.as_bytes()[0] - b'a')] |= 1 << name.len();
        }
        for (name, _) in LONG_NAMES.iter() {
            lengths[usize::from(name.as_bytes()[0] - b'a')] |= 0b111 << (name.len() - 1);
        }
        lengths
    });
    let letter = word.first().map_or(usize::MAX, |first| usize::from(first.wrapping_sub(b'a')));
    LENGTHS
        .get(letter)
        .is_some_and(|lengths| lengths.checked_shr(word.len() as u32).is_some_and(|bits| bits & 1 == 1))
}

/// One slip of the pen leaves the letters before it and behind it.
fn may_be_slip(name: &[u8], word: &[u8]) -> bool {
    let before = name.iter().zip(word).take_while(|(a, b)| a == b).count();
    let behind = name.iter().rev().zip(word.iter().rev()).take_while(|(a, b)| a == b).count();
    before + behind + 2 >= name.len().max(word.len())
}

/// The month that a word names, 1 to 12: in any of the languages listed, or an English or Italian
/// name with one slip of the pen (`Febuary`).
pub fn month(word: &str) -> Option<u8> {
    // Most words are no months, and a page has many.
    with_folded(word, folded_month)
}

fn folded_month(folded: &str) -> Option<u8> {
    let word = folded.trim_end_matches('.');
    if word.is_ascii() && !may_be_name(word.as_bytes()) {
        return None;
    }
    word.chars().nth(1)?;
    if let Some(month) = BY_NAME.get(word) {
        return Some(*month);
    }
    if word.len() < 6 || !word.is_ascii() {
        return None;
    }
    let misspelt = LONG_NAMES.iter().find(|(name, _)| {
        name.as_bytes()[0] == word.as_bytes()[0]
            && name.len().abs_diff(word.len()) <= 1
            && may_be_slip(name.as_bytes(), word.as_bytes())
            && strsim::osa_distance(name, word) == 1
    });
    misspelt.map(|(_, month)| *month)
}

#[derive(Debug, Clone)]
struct Token {
    range: Range<usize>,
    kind: Kind,
    /// White space stands before it.
    spaced: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A run of digits: value and length.
    Number(u32, usize),
    Month(u8),
    /// `1st`, `2nd`, `1er`, `1º`: what may stand behind a day.
    Ordinal,
    /// `of`, `de`, `del`, `di`: what may stand between day, month and year.
    Of,
    Word,
    Mark(char),
}

/// The first tokens of a text.
fn tokens(text: &str, most: usize) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(most.min(text.len() / 4 + 1));
    let mut start = 0;
    let mut spaced = true;
    while let Some(c) = text[start..].chars().next() {
        if c.is_whitespace() {
            spaced = true;
            start += c.len_utf8();
            continue;
        }
        let (end, kind) = if c.is_ascii_digit() {
            let end = end_of_run(text, start, |c| c.is_ascii_digit());
            let digits = &text[start..end];
            (end, Kind::Number(digits.parse().unwrap_or(u32::MAX), digits.len()))
        } else if c.is_alphabetic() && !is_cjk_date_mark(c) {
            // The vowels of many scripts are marks on the letters before them.
            let is_mark = |c: char| !c.is_ascii() && is_combining_mark(c);
            let in_word = |c: char| (c.is_alphabetic() || is_mark(c)) && !is_cjk_date_mark(c);
            let end = end_of_run(text, start, in_word);
            let word = &text[start..end];
            let glued = !spaced && matches!(tokens.last(), Some(Token { kind: Kind::Number(..), .. }));
            let kind = if glued && matches!(word, "st" | "nd" | "rd" | "th" | "er" | "re" | "e" | "º" | "ª")
            {
                Kind::Ordinal
            } else if matches!(word, "of" | "de" | "del" | "di" | "do" | "d") {
                Kind::Of
            } else if word.chars().all(char::is_lowercase) && word.chars().count() < 3 {
                Kind::Word
            } else {
                month(word).map_or(Kind::Word, Kind::Month)
            };
            (end, kind)
        } else if matches!(c, '°' | 'º') {
            (start + c.len_utf8(), Kind::Ordinal)
        } else {
            (start + c.len_utf8(), Kind::Mark(c))
        };
        tokens.push(Token { range: start..end, kind, spaced });
        if tokens.len() == most {
            break;
        }
        spaced = false;
        start = end;
    }
    tokens
}

/// Where the characters that pass a test end, from the byte `start` on.
fn end_of_run(text: &str, start: usize, test: impl Fn(char) -> bool) -> usize {
    text[start..].find(|c| !test(c)).map_or(text.len(), |length| start + length)
}

fn is_cjk_date_mark(c: char) -> bool {
    matches!(c, '年' | '月' | '日' | '년' | '월' | '일')
}

/// Letters of scripts that set no spaces between words.
fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}')
}

/// A reader over the tokens from one position, giving up by returning `None`.
struct Cursor<'t> {
    tokens: &'t [Token],
    at: usize,
}

impl Cursor<'_> {
    fn number(&mut self, test: impl Fn(u32, usize) -> bool) -> Option<u32> {
        match self.tokens.get(self.at)?.kind {
            Kind::Number(value, len) if test(value, len) => {
                self.at += 1;
                Some(value)
            }
            _ => None,
        }
    }
    fn day(&mut self) -> Option<u8> {
        let day = self.number(|v, len| (1..=31).contains(&v) && len <= 2)?;
        self.skip(|t| t.kind == Kind::Ordinal);
        Some(day as u8)
    }
    fn year(&mut self) -> Option<i16> {
        self.number(|v, len| len == 4 && (1000..=2199).contains(&v)).map(|v| v as i16)
    }
    fn month(&mut self) -> Option<u8> {
        match self.tokens.get(self.at)?.kind {
            Kind::Month(month) => {
                self.at += 1;
                self.skip(|t| t.kind == Kind::Mark('.') && !t.spaced);
                Some(month)
            }
            _ => None,
        }
    }
    fn mark(&mut self, marks: &[char]) -> Option<char> {
        match self.tokens.get(self.at)?.kind {
            Kind::Mark(c) if marks.contains(&c) => {
                self.at += 1;
                Some(c)
            }
            _ => None,
        }
    }
    fn skip(&mut self, test: impl Fn(&Token) -> bool) {
        if self.tokens.get(self.at).is_some_and(test) {
            self.at += 1;
        }
    }
    fn skip_of(&mut self) {
        self.skip(|t| t.kind == Kind::Of);
        self.skip(|t| matches!(t.kind, Kind::Mark('\'' | '’')));
    }
}

const DASHES: &[char] = &['-', '–', '—', '‐', '‑'];

/// Every date in a text, in order, none overlapping. Years alone count from 1500 to 2099.
pub fn find(text: &str) -> Vec<FoundDate> {
    if !may_hold_year(text) {
        return Vec::new();
    }
    let tokens = tokens(text, usize::MAX);
    let mut at = 0;
    std::iter::from_fn(|| next(text, &tokens, &mut at)).collect()
}

/// The next date from a token on, which becomes the one behind it.
fn next(text: &str, tokens: &[Token], at: &mut usize) -> Option<FoundDate> {
    while *at < tokens.len() {
        let start = *at;
        if let Some((end, read)) = read_at(text, tokens, start) {
            *at = end;
            return Some(FoundDate { range: tokens[start].range.start..tokens[end - 1].range.end, ..read });
        }
        *at += 1;
    }
    None
}

/// No date is without a year in four digits, and most texts have none.
fn may_hold_year(text: &str) -> bool {
    let mut digits = 0;
    text.bytes().any(|byte| {
        digits = if byte.is_ascii_digit() { digits + 1 } else { 0 };
        digits == 4
    })
}

/// The date that a text begins with.
pub(crate) fn at_start(text: &str) -> Option<FoundDate> {
    /// No date reaches further.
    const TOKENS: usize = 32;
    if text.starts_with(char::is_whitespace) || !may_hold_year(text) {
        return None;
    }
    let tokens = tokens(text, TOKENS);
    let (end, read) = (!tokens.is_empty()).then(|| read_at(text, &tokens, 0)).flatten()?;
    Some(FoundDate { range: 0..tokens[end - 1].range.end, ..read })
}

/// The date that a whole string spells, if it spells one and nothing else but weekday and time.
pub fn parse(text: &str) -> Option<FoundDate> {
    if !may_hold_year(text) {
        return None;
    }
    next(text, &tokens(text, usize::MAX), &mut 0)
}

fn read_at(text: &str, tokens: &[Token], at: usize) -> Option<(usize, FoundDate)> {
    // A number glued to a letter, a hyphenated code or a decimal is not the start of a date.
    if let (Kind::Number(..), Some(before)) = (tokens[at].kind, at.checked_sub(1).map(|i| &tokens[i]))
        && !tokens[at].spaced
        && (matches!(before.kind, Kind::Word | Kind::Month(_) | Kind::Number(..))
            && !text[before.range.clone()].ends_with(is_cjk)
            || matches!(before.kind, Kind::Mark('_' | '=' | '%' | '#' | '$' | '€' | '£' | '+'))
            || matches!(before.kind, Kind::Mark('.' | ',' | '/' | '-'))
                && at >= 2
                && matches!(tokens[at - 2].kind, Kind::Number(..))
                && !before.spaced)
    {
        return None;
    }
    let start = || Cursor { tokens, at };
    let done = |cursor: &Cursor, date: FoundDate| Some((cursor.at, date));

    // 2025-02-14, 2025/02/14, 2025.02.14, 2025年2月14日
    let mut c = start();
    if let Some(year) = c.year() {
        if let Some(mark) = c.mark(&['-', '/', '.', '年', '년', '‑'])
            && let Some(month) = c.number(|v, len| (1..=12).contains(&v) && len <= 2)
            && c.mark(&[mark, '月', '월']).is_some()
            && let Some(day) = c.number(|v, len| (1..=31).contains(&v) && len <= 2)
            && !matches!(tokens.get(c.at), Some(Token { kind: Kind::Number(..), spaced: false, .. }))
        {
            c.mark(&['日', '일']);
            return done(&c, whole(year, month as u8, day as u8)?);
        }
        // 2019年4月 · 2019年, yet not `2019年度` or `1990年代`
        let mut c = start();
        c.year();
        if c.mark(&['年', '년']).is_some() {
            let behind =
                tokens.get(c.at).filter(|next| !next.spaced).map_or("", |next| &text[next.range.clone()]);
            if behind.starts_with(['度', '代', '间', '間', '대', '도']) {
                return None;
            }
            let year_end = c.at;
            if let Some(month) = c.number(|v, len| (1..=12).contains(&v) && len <= 2)
                && c.mark(&['月', '월']).is_some()
            {
                return done(&c, FoundDate::new(0..0, PartialDate::ym(year, month as u8)?));
            }
            c.at = year_end;
            return done(&c, FoundDate::new(0..0, PartialDate::y(year)?));
        }
        // 2015, Aug 6 · 2015, 6 August · 2015 Aug
        let mut c = start();
        c.year();
        c.mark(&[',']);
        let day_before = c.day();
        // 2015, 6 de agosto
        if day_before.is_some() {
            c.skip_of();
        }
        if let Some(month) = c.month() {
            if let Some(day) = day_before {
                // `Resolution 1701, 8 May 2003`: the first number is no year.
                return if next_is_year(&c) { None } else { done(&c, whole(year, month, day)?) };
            }
            let before_day = c.at;
            let day = c.day();
            let other_year = next_is_year(&c);
            match day {
                Some(day) if !other_year => return done(&c, whole(year, month, day)?),
                _ => c.at = before_day,
            }
            // `2019, March 2020`, `2019, March 3, 2020`: a year, and a date of another year.
            if !other_year {
                return done(&c, FoundDate::new(0..0, PartialDate::ym(year, month)?));
            }
        }
        let mut c = start();
        c.year();
        return bare_year(text, tokens, at, year).and_then(|date| done(&c, date));
    }

    // 12 February 2025 · 12–14 February 2025 · 30 January – 2 February 2025 · 1° marzo 2025
    let mut c = start();
    if let Some(day) = c.day() {
        let day_mark = c.at;
        // 12-Feb-2025 · 12/Feb/2025
        if let Some(mark) = c.mark(&['-', '/'])
            && let Some(month) = c.month()
            && c.mark(&[mark]).is_some()
            && let Some(year) = c.year()
        {
            return done(&c, whole(year, month, day)?);
        }
        c.at = day_mark;
        c.skip(|t| t.kind == Kind::Mark('.') && !t.spaced);
        let mut last_day = None;
        if c.mark(DASHES).is_some() || c.mark(&['/']).is_some() {
            last_day = c.day();
            c.skip(|t| t.kind == Kind::Mark('.') && !t.spaced);
        }
        c.skip_of();
        if let Some(month) = c.month() {
            c.mark(&[',']);
            c.skip_of();
            if let Some(year) = c.year() {
                let mut read = whole(year, month, day)?;
                read.end = last_day.and_then(|last| PartialDate::ymd(year, month, last));
                return done(&c, read);
            }
            if c.mark(DASHES).is_some()
                && let Some(last) = c.day()
            {
                c.skip(|t| t.kind == Kind::Mark('.') && !t.spaced);
                c.skip_of();
                if let Some(last_month) = c.month() {
                    c.mark(&[',']);
                    c.skip_of();
                    if let Some(year) = c.year() {
                        let first_year = if last_month < month { year - 1 } else { year };
                        let mut read = whole(first_year, month, day)?;
                        read.end = PartialDate::ymd(year, last_month, last);
                        return done(&c, read);
                    }
                }
            }
            return None;
        }
        // 12.02.2025 · 12/02/2025 · 12-02-2025
        c.at = day_mark;
        if let Some(mark) = c.mark(&['.', '/', '-'])
            && let Some(second) = c.number(|v, len| (1..=31).contains(&v) && len <= 2)
            && c.mark(&[mark]).is_some()
            && let Some(year) = c.year()
        {
            let second = second as u8;
            let read = match (PartialDate::ymd(year, second, day), PartialDate::ymd(year, day, second)) {
                (Some(date), other) => FoundDate {
                    other_reading: other.filter(|o| mark != '.' && *o != date),
                    ..FoundDate::new(0..0, date)
                },
                (None, Some(date)) if mark != '.' => FoundDate::new(0..0, date),
                _ => return None,
            };
            return done(&c, read);
        }
        return None;
    }

    // February 12, 2025 · Feb. 12–14, 2025 · February 2025 · January–February 2025
    let mut c = start();
    if let Some(month) = c.month() {
        let after_month = c.at;
        let last_month = if c.mark(DASHES).is_some() || c.mark(&['/']).is_some() { c.month() } else { None };
        if last_month.is_none() {
            c.at = after_month;
        }
        c.mark(&[',']);
        c.skip_of();
        if let Some(year) = c.year() {
            if is_given_name(text, tokens, at) {
                return None;
            }
            let mut read = FoundDate::new(0..0, PartialDate::ym(year, month)?);
            read.end = last_month.and_then(|last| PartialDate::ym(year, last));
            return done(&c, read);
        }
        c.at = after_month;
        if let Some(day) = c.day() {
            let last_day = if c.mark(DASHES).is_some() { c.day() } else { None };
            c.mark(&[',']);
            c.skip_of();
            if let Some(year) = c.year() {
                let mut read = whole(year, month, day)?;
                read.end = last_day.and_then(|last| PartialDate::ymd(year, month, last));
                return done(&c, read);
            }
        }
    }
    None
}

/// `Rossi, Marco. 2014.`, `Weaver, June. 2002.`: the given name of an author, before the year of
/// author-year styles. Only months that are cut short have a full stop.
fn is_given_name(text: &str, tokens: &[Token], at: usize) -> bool {
    let name = &text[tokens[at].range.clone()];
    let inverted = at.checked_sub(1).is_some_and(|before| tokens[before].kind == Kind::Mark(','));
    let stopped = tokens.get(at + 1).is_some_and(|mark| mark.kind == Kind::Mark('.'));
    inverted && (name == "Marco" || stopped && matches!(name, "April" | "May" | "June" | "August"))
}

fn next_is_year(cursor: &Cursor) -> bool {
    let mut ahead = Cursor { tokens: cursor.tokens, at: cursor.at };
    ahead.mark(&[',']);
    ahead.year().is_some()
}

fn whole(year: i16, month: u8, day: u8) -> Option<FoundDate> {
    match PartialDate::ymd(year, month, day) {
        Some(date) => Some(FoundDate::new(0..0, date)),
        None => Some(FoundDate { impossible: true, ..FoundDate::new(0..0, PartialDate::ym(year, month)?) }),
    }
}

/// A year alone counts only where it is not part of a number, a range of pages or a code.
fn bare_year(text: &str, tokens: &[Token], at: usize, year: i16) -> Option<FoundDate> {
    if !(1500..=2099).contains(&year) {
        return None;
    }
    let end = tokens[at].range.end;
    let next = text[end..].chars().next();
    let glued_number = |i: usize| {
        matches!(tokens.get(i), Some(Token { kind: Kind::Mark('.' | ',' | '/' | '-'), spaced: false, .. }))
            && matches!(tokens.get(i + 1), Some(Token { kind: Kind::Number(..), spaced: false, .. }))
    };
    if next.is_some_and(|c| c.is_alphanumeric() || c == '%' || c == '_') || glued_number(at + 1) {
        // `2019a`, as author-year styles write it, is still a year.
        let suffix = text[end..].chars().take(2).collect::<String>();
        let year_letter = suffix.starts_with(|c: char| c.is_ascii_lowercase())
            && !suffix[1..].starts_with(char::is_alphanumeric);
        if !year_letter {
            return None;
        }
    }
    Some(FoundDate::new(0..0, PartialDate::y(year)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &str) {
        let got: Vec<String> = find(text)
            .iter()
            .map(|f| {
                let end = f.end.map(|end| format!("/{end}")).unwrap_or_default();
                let other = f.other_reading.map(|other| format!("|{other}")).unwrap_or_default();
                format!("{}{end}{other}{}", f.date, if f.impossible { "!" } else { "" })
            })
            .collect();
        assert_eq!(got.join(" "), want, "{text}");
    }

    #[test]
    fn day_month_year_in_many_languages() {
        check("in The Guardian, 11 September 2024, https", "2024-09-11");
        check("mercoledì 12 febbraio 2025; 1° marzo 2025; 1er mars 2025", "2025-02-12 2025-03-01 2025-03-01");
        check("12. Februar 2025, 3. Jänner 2024", "2025-02-12 2024-01-03");
        check("12 de febrero de 2025 / 3 de maio de 2020", "2025-02-12 2020-05-03");
        check("12 лютого 2025, 3 марта 2022", "2025-02-12 2022-03-03");
        check("3rd of May, 2021", "2021-05-03");
    }

    #[test]
    fn month_first_and_year_first() {
        check("Feb. 12, 2025; September 3rd, 2019", "2025-02-12 2019-09-03");
        check("(2015, Aug 6)", "2015-08-06");
        check("Resolution 1701, 8 May 2003", "2003-05-08");
        check("2025-02-12T16:57:22Z", "2025-02-12");
        check("2025年2月12日", "2025-02-12");
        check("『港湾研究』2019年、", "2019");
        check("2019年4月号", "2019-04");
        check("2019년 4월", "2019-04");
        check("2019年度 1990年代", "");
    }

    #[test]
    fn ranges_and_partial_dates() {
        check("12–14 February 2025", "2025-02-12/2025-02-14");
        check("30 January – 2 February 2025", "2025-01-30/2025-02-02");
        check("February 2025", "2025-02");
        check("Vol. 3, 1998, p. 4", "1998");
        check("July/August 2020", "2020-07/2020-08");
    }

    #[test]
    fn numeric_dates_keep_both_readings() {
        check("12.02.2025", "2025-02-12");
        check("03/04/2025", "2025-04-03|2025-03-04");
        check("02/14/2025", "2025-02-14");
    }

    #[test]
    fn what_the_calendar_lacks_is_cut_to_the_month() {
        check("31 February 2025", "2025-02!");
    }

    #[test]
    fn numbers_that_are_no_dates() {
        check("No. 12, pp. 1701, 24,500, Article 5, 0.2025, 4064113, 2532-6570", "1701");
        check("a3a12a7d-faa6-2019f-b236", "");
    }

    #[test]
    fn a_misspelt_month_is_still_read() {
        check("3 Febuary 2024", "2024-02-03");
    }
}
