#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace vitrine {

/// The languages in which the service speaks to people.
enum class Language { english, portuguese };

/// "en" or "pt-BR".
std::string_view language_tag(Language language);

/// The one that a list of language ranges with weights likes best, the earlier of equals (RFC 4647
/// §3.4, look-up); English where it names neither.
Language preferred_language(std::optional<std::string_view> accept_language);

/// The same words in every language; what cannot be made without all of them is not forgotten in
/// one. For tables: a Phrase that is known when the program is compiled.
struct Term {
    std::string_view english;
    std::string_view portuguese;

    constexpr std::string_view in(Language language) const {
        return language == Language::portuguese ? portuguese : english;
    }
};

/// What people are told, in every language: {"is required", "é obrigatório"}. There is none in one
/// language alone.
class Phrase {
public:
    Phrase() = default;
    Phrase(std::string english, std::string portuguese);
    Phrase(const Term& term);

    /// Names, numbers, and what others have said: it stays as it is.
    static Phrase as_is(std::string text);

    const std::string& in(Language language) const;
    const std::string& english() const { return english_; }
    bool empty() const { return english_.empty(); }

    Phrase& operator+=(const Phrase& more);
    bool operator==(const Phrase&) const = default;

private:
    std::string english_;
    std::string portuguese_;
};

Phrase operator+(Phrase first, const Phrase& second);

/// A pattern of phrase(): each {} stands for one part. Another number of them than there are parts
/// does not compile.
template <std::size_t Parts>
struct Pattern {
    std::string_view text;

    template <class Text>
        requires std::convertible_to<const Text&, std::string_view>
    consteval Pattern(const Text& pattern) : text(pattern) {
        std::size_t holes = 0;
        for (std::size_t at = text.find("{}"); at != text.npos; at = text.find("{}", at + 2))
            ++holes;
        if (holes != Parts) throw "as many {} as there are parts";
    }
};

Phrase fill_in(
    std::string_view english, std::string_view portuguese, std::initializer_list<Phrase> parts
);

inline Phrase part_of_phrase(const Phrase& part) {
    return part;
}
inline Phrase part_of_phrase(const Term& part) {
    return part;
}
inline Phrase part_of_phrase(std::string_view part) {
    return Phrase::as_is(std::string(part));
}
inline Phrase part_of_phrase(std::integral auto part) {
    return Phrase::as_is(std::to_string(part));
}

/// phrase("must be at least {}", "deve ser no mínimo {}", 2). A part is a text, a whole number or a
/// Phrase.
template <class... Parts>
Phrase phrase(
    std::type_identity_t<Pattern<sizeof...(Parts)>> english,
    std::type_identity_t<Pattern<sizeof...(Parts)>> portuguese,
    const Parts&... parts
) {
    return fill_in(english.text, portuguese.text, {part_of_phrase(parts)...});
}

}  // namespace vitrine
