#include "core/web_address.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "core/idna.hpp"
#include "core/printable.hpp"

namespace vitrine {
namespace {

constexpr std::size_t longest_name = 253;

bool is_port(std::string_view text) {
    unsigned port = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, fault] = std::from_chars(text.data(), end, port);
    return fault == std::errc() && rest == end && port >= 1 && port <= 65535;
}

/// Else it would be read as an address.
bool ends_in_a_number(std::string_view ascii) {
    auto last = ascii.substr(ascii.rfind('.') + 1);  // npos + 1: the whole
    const bool is_hex = last.starts_with("0x");
    if (is_hex) last.remove_prefix(2);
    return std::ranges::all_of(last, [is_hex](char c) {
        return (c >= '0' && c <= '9') || (is_hex && c >= 'a' && c <= 'f');
    });
}

/// Nothing in it is mapped away or to something else, but capital letters of ASCII.
bool is_written_so(std::string_view utf8, const std::string& ascii) {
    if (std::ranges::all_of(utf8, [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
        return true;
    std::string unicode;
    icu::StringByteSink sink(&unicode);
    icu::IDNAInfo info;
    UErrorCode error = U_ZERO_ERROR;
    idna().nameToUnicodeUTF8(ascii, sink, info, error);
    return U_SUCCESS(error) && unicode == utf8;
}

}  // namespace

bool is_host_name(std::string_view utf8) {
    std::string ascii;
    icu::StringByteSink sink(&ascii);
    icu::IDNAInfo info;
    UErrorCode error = U_ZERO_ERROR;
    const icu::StringPiece name(utf8.data(), static_cast<std::int32_t>(utf8.size()));
    idna().nameToASCII_UTF8(name, sink, info, error);
    return U_SUCCESS(error) && !info.hasErrors() && !ascii.empty() &&
           ascii.size() <= longest_name && !ascii.ends_with('.') && !ends_in_a_number(ascii) &&
           is_written_so(utf8, ascii);
}

bool is_https_url(std::string_view utf8) {
    constexpr std::string_view scheme = "https://";
    if (!utf8.starts_with(scheme) || printable_line(utf8) != utf8) return false;
    if (utf8.find_first_of(" \"<>\\^`{|}") != std::string_view::npos) return false;
    const auto rest = utf8.substr(scheme.size());
    const auto authority = rest.substr(0, rest.find_first_of("/?#"));
    const auto colon = authority.find(':');
    if (colon != std::string_view::npos && !is_port(authority.substr(colon + 1))) return false;
    return is_host_name(authority.substr(0, colon));
}

}  // namespace vitrine
