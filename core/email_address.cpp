#include "core/email_address.hpp"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "core/idna.hpp"
#include "core/text.hpp"

namespace vitrine {
namespace {

constexpr std::size_t longest_local = 64;
constexpr std::size_t longest_domain = 253;
constexpr std::size_t longest_address = 254;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Of an atom by RFC 5322; what is not of ASCII may stand there too (RFC 6531).
bool is_atom_letter(char c) {
    constexpr std::string_view others = "!#$%&'*+-/=?^_`{|}~";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) ||
           static_cast<unsigned char>(c) >= 0x80 || others.contains(c);
}

bool has_unseen(std::string_view utf8) {
    const auto size = static_cast<std::int32_t>(utf8.size());
    for (std::int32_t i = 0; i < size;) {
        UChar32 c = 0;
        U8_NEXT(utf8.data(), i, size, c);
        if (c < 0 || is_unseen(static_cast<char32_t>(c))) return true;
    }
    return false;
}

/// Atoms with a dot between each two.
bool is_local(std::string_view text) {
    return !text.empty() && text.size() <= longest_local && text.front() != '.' &&
           text.back() != '.' && text.find("..") == std::string_view::npos &&
           std::ranges::all_of(text, [](char c) { return c == '.' || is_atom_letter(c); }) &&
           !has_unseen(text);
}

std::string in_lower_case(std::string_view utf8) {
    UErrorCode error = U_ZERO_ERROR;
    const auto* composition = icu::Normalizer2::getNFCInstance(error);
    if (U_FAILURE(error)) return {};
    auto text = icu::UnicodeString::fromUTF8(
        icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size()))
    );
    text = composition->normalize(text.toLower(icu::Locale::getRoot()), error);
    std::string lower;
    if (U_SUCCESS(error)) text.toUTF8String(lower);
    return lower;
}

/// Empty: it is no name of a host in the internet.
std::string domain_of(std::string_view utf8) {
    std::string ascii;
    icu::StringByteSink sink(&ascii);
    icu::IDNAInfo info;
    UErrorCode error = U_ZERO_ERROR;
    idna().nameToASCII_UTF8(
        icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())), sink, info, error
    );
    const auto dot = ascii.rfind('.');
    const bool is_name = U_SUCCESS(error) && !info.hasErrors() && ascii.size() <= longest_domain &&
                         dot != std::string::npos && dot + 1 < ascii.size() &&
                         !std::ranges::all_of(ascii.substr(dot + 1), is_digit);
    return is_name ? ascii : std::string();
}

}  // namespace

std::optional<std::string> email_address(std::string_view utf8) {
    if (!is_utf8(utf8)) return std::nullopt;
    const auto text = without_unseen_ends(utf8);
    const auto at = text.rfind('@');
    if (at == std::string_view::npos || text.find('@') != at) return std::nullopt;
    const auto local = in_lower_case(text.substr(0, at));
    if (!is_local(local)) return std::nullopt;
    const auto domain = domain_of(text.substr(at + 1));
    if (domain.empty()) return std::nullopt;
    auto address = local + '@' + domain;
    if (address.size() > longest_address) return std::nullopt;
    return address;
}

}  // namespace vitrine
