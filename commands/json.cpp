#include "commands/json.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <unordered_set>

#include "core/decimal.hpp"
#include "core/shortest_numbers.hpp"
#include "core/text.hpp"

namespace vitrine::commands {
namespace {

constexpr int deepest = 64;

/// An integer that 64 bits hold.
std::optional<Json> integer_of(const Decimal& number) {
    const auto text = integer_text(number);
    if (!text) return std::nullopt;
    const auto* end = text->data() + text->size();
    std::int64_t integer = 0;
    if (std::from_chars(text->data(), end, integer).ec == std::errc()) return integer;
    std::uint64_t large = 0;
    if (std::from_chars(text->data(), end, large).ec == std::errc()) return large;
    return std::nullopt;
}

/// Of a number that is no whole one, though rounding makes it one: the double beside that.
double as_not_whole(double rounded, bool is_negative) {
    constexpr double all_are_whole = 4503599627370496.0;  // from here on
    if (std::trunc(rounded) != rounded || std::abs(rounded) >= all_are_whole) return rounded;
    return std::nextafter(rounded, is_negative ? -HUGE_VAL : HUGE_VAL);
}

/// The place of a byte in a text, both from 1; columns are characters, as an editor counts them.
struct Place {
    std::size_t line = 1;
    std::size_t column = 1;
};

Place place_in(std::string_view text, std::size_t byte) {
    Place place;
    for (const char c : text.substr(0, byte)) {
        if (c == '\n') {
            place = {place.line + 1, 1};
        } else if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) {
            ++place.column;
        }
    }
    return place;
}

/// Makes the value of what the parser reads, and keeps numbers exactly where the library would
/// round them. Stops at the first fault.
class Reader : public nlohmann::json_sax<Json> {
public:
    /// `text`: what is read, which outlives it. `out_of_range`: which numbers of it are, counted
    /// from 0.
    Reader(std::string_view text, std::vector<std::size_t> out_of_range)
        : text_(text), out_of_range_(std::move(out_of_range)) {}

    Json root;
    std::vector<Fault> inexact;
    std::optional<Fault> fault;

    bool null() override { return add(nullptr); }
    bool boolean(bool value) override { return add(value); }
    bool number_unsigned(number_unsigned_t value) override {
        ++numbers_;
        return add(value);
    }
    bool number_integer(number_integer_t value) override {
        ++numbers_;
        return value == 0 ? add(-0.0) : add(value);
    }

    /// Also for integers beyond 64 bits.
    bool number_float(number_float_t value, const string_t& text) override {
        if (std::ranges::binary_search(out_of_range_, numbers_++)) {
            note_inexact(
                "number_out_of_range", {"is out of range for a number", "passa do maior número"}
            );
            return add(std::copysign(std::numeric_limits<double>::infinity(), value));
        }
        const bool is_whole = text.find_first_of(".eE") == std::string::npos;
        const auto number = parse_decimal(text);
        if (!is_whole && decimal_of(value) == number) return add(value);
        if (auto integer = integer_of(number)) return add(*std::move(integer));
        if (is_whole) {
            note_inexact("number_too_large", {"is beyond 64 bits", "passa de 64 bits"});
            return add(value);
        }
        note_inexact(
            "number_too_precise",
            {"has more digits than a number keeps", "tem mais algarismos do que um número guarda"}
        );
        return add(as_not_whole(value, text.starts_with('-')));
    }

    bool string(string_t& value) override {
        if (value.find('\0') != std::string::npos)
            return stop(
                {"", "nul", {"a text contains a NUL character", "um texto contém um caractere NUL"}}
            );
        return add(std::move(value));
    }
    bool binary(binary_t&) override { return false; }

    bool start_object(std::size_t) override {
        members_.emplace_back();
        return open(Json::object());
    }
    bool key(string_t& name) override {
        if (name.find('\0') != std::string::npos)
            return stop(
                {"",
                 "nul",
                 {"a member's name contains a NUL character",
                  "o nome de um membro contém um caractere NUL"}}
            );
        if (!members_.back().insert(name).second) {
            return stop(
                {"",
                 "repeated_member",
                 phrase(
                     "the member \"{}\" stands twice in one object",
                     "o membro \"{}\" aparece duas vezes no mesmo objeto",
                     name
                 )}
            );
        }
        key_ = name;
        wants_value_ = true;
        return true;
    }
    bool end_object() override {
        members_.pop_back();
        return close();
    }
    bool start_array(std::size_t) override { return open(Json::array()); }
    bool end_array() override { return close(); }

    /// `read`: how many bytes, with the last of what cannot be.
    bool parse_error(std::size_t read, const std::string&, const nlohmann::detail::exception& error)
        override {
        if (!is_utf8(text_)) return stop({"", "not_json", {"is not UTF-8", "não está em UTF-8"}});
        const auto [line, column] = place_in(text_, read == 0 ? 0 : read - 1);
        return stop(
            {"",
             "not_json",
             phrase(
                 "is not well-formed JSON at line {}, column {}: {}",
                 "não é JSON bem formado na linha {}, coluna {}: {}",
                 line,
                 column,
                 why_not(read, error)
             )}
        );
    }

private:
    Phrase why_not(std::size_t read, const nlohmann::detail::exception& error) const {
        const bool ends = read > text_.size();
        // The token may have begun before what is wrong; of a text the library says so.
        if (std::string_view(error.what()).contains(" - invalid string: ")) {
            return ends ? Phrase("a text is not closed", "um texto não foi fechado")
                        : Phrase(
                              "a text has an escape or a control character that JSON does not take",
                              "um texto tem um escape ou caractere de controle que JSON não aceita"
                          );
        }
        return ends
                   ? phrase(
                         "it ends where {} should follow", "termina onde deveria vir {}", expected()
                     )
                   : phrase("expected {}", "esperava-se {}", expected());
    }

    /// What may follow what was read last.
    Term expected() const {
        if (parents_.empty())
            return has_root_ ? Term{"the end of the body", "o fim do corpo"}
                             : Term{"an object", "um objeto"};
        if (parents_.back()->is_array()) {
            return parents_.back()->empty()
                       ? Term{"a value or ]", "um valor ou ]"}
                       : Term{"a comma and a value, or ]", "uma vírgula e um valor, ou ]"};
        }
        if (wants_value_) return {"a colon and a value", "dois-pontos e um valor"};
        return parents_.back()->empty()
                   ? Term{"a name in double quotes or }", "um nome entre aspas duplas ou }"}
                   : Term{
                         "a comma and a name in double quotes, or }",
                         "uma vírgula e um nome entre aspas duplas, ou }"
                     };
    }

    bool stop(Fault why) {
        fault = std::move(why);
        return false;
    }

    void note_inexact(const char* code, const Term& why) {
        inexact.push_back(
            {pointer_here(),
             code,
             phrase(
                 "{}, so it would be rounded; send it as a text",
                 "{}, por isso seria arredondado; envie como texto",
                 why
             )}
        );
    }

    /// Of the value that is being read.
    std::string pointer_here() const {
        std::string pointer;
        for (std::size_t i = 0; i < parents_.size(); ++i) {
            const auto& parent = *parents_[i];
            const bool innermost = i + 1 == parents_.size();
            if (parent.is_array()) {
                pointer += '/' + std::to_string(innermost ? parent.size() : parent.size() - 1);
            } else {
                const auto& name = innermost ? key_ : std::prev(parent.end()).key();
                pointer += '/' + escape_pointer(name);
            }
        }
        return pointer;
    }

    template <class Value>
    bool add(Value&& value) {
        place(std::forward<Value>(value));
        return true;
    }
    bool open(Json container) {
        parents_.push_back(place(std::move(container)));
        return true;
    }
    bool close() {
        parents_.pop_back();
        return true;
    }

    template <class Value>
    Json* place(Value&& value) {
        wants_value_ = false;
        if (parents_.empty()) {
            has_root_ = true;
            root = std::forward<Value>(value);
            return &root;
        }
        auto& parent = *parents_.back();
        if (parent.is_array()) return &parent.emplace_back(std::forward<Value>(value));
        // The object's own operator looks through all members before it, of which none has this
        // name.
        auto& object = parent.get_ref<Json::object_t&>();
        object.Json::object_t::Container::emplace_back(key_, std::forward<Value>(value));
        return &object.back().second;
    }

    std::string_view text_;
    std::vector<std::size_t> out_of_range_;
    std::size_t numbers_ = 0;  // that were read
    // What holds the value that is being read, from the root on. A parent does not grow while
    // something in it is open, so that they stay where they are.
    std::vector<Json*> parents_;
    std::vector<std::unordered_set<std::string>> members_;
    std::string key_;
    bool has_root_ = false;
    bool wants_value_ = false;  // a name was read, and not yet what stands under it
};

/// The digits there at the front, at least one; nullopt: there is none.
std::optional<std::size_t> digits_at(std::string_view text) {
    const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
    return end == 0 ? std::nullopt : std::optional(end);
}

/// A number as JSON writes it.
bool is_number(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    const auto whole = digits_at(text);
    if (!whole || (*whole > 1 && text.front() == '0')) return false;
    text.remove_prefix(*whole);
    if (text.starts_with('.')) {
        const auto fraction = digits_at(text.substr(1));
        if (!fraction) return false;
        text.remove_prefix(1 + *fraction);
    }
    if (text.empty()) return true;
    if (text.front() != 'e' && text.front() != 'E') return false;
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    return digits_at(text) == text.size();
}

/// A number beyond every double, which the library refuses as if it were no JSON.
bool is_out_of_range(std::string_view text) {
    constexpr std::size_t fits_without_exponent = 300;
    const bool is_long = text.size() > fits_without_exponent;
    if (!is_long && text.find_first_of("eE") == std::string_view::npos) return false;
    return is_number(text) && !std::isfinite(std::strtod(std::string(text).c_str(), nullptr));
}

/// The text with 1.00… of the same length in place of each number that is out of range.
struct InRange {
    std::string text;
    std::vector<std::size_t> out_of_range;  // which numbers they were, counted from 0
};

/// nullopt: there is none.
std::optional<InRange> brought_into_range(std::string_view text) {
    InRange result;
    std::size_t numbers = 0;
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] == '"') {
            for (++i; i < text.size() && text[i] != '"'; ++i) {
                if (text[i] == '\\') ++i;
            }
            ++i;
            continue;
        }
        if (text[i] != '-' && (text[i] < '0' || text[i] > '9')) {
            ++i;
            continue;
        }
        const auto end = std::min(text.find_first_not_of("+-.0123456789eE", i), text.size());
        if (const auto number = text.substr(i, end - i); is_out_of_range(number)) {
            if (result.text.empty()) result.text = text;
            const auto digits = i + (number.starts_with('-') ? 1 : 0);
            std::fill_n(
                result.text.begin() + static_cast<std::ptrdiff_t>(digits), end - digits, '0'
            );
            result.text[digits] = '1';
            result.text[digits + 1] = '.';
            result.out_of_range.push_back(numbers);
        }
        ++numbers;
        i = end;
    }
    if (result.out_of_range.empty()) return std::nullopt;
    return result;
}

/// Is there any nesting beyond the limit? Asked before parsing, so that depth costs no stack and no
/// memory.
bool too_deep(std::string_view text) {
    int depth = 0;
    bool in_text = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_text) {
            if (c == '\\') {
                ++i;
            } else if (c == '"') {
                in_text = false;
            }
        } else if (c == '"') {
            in_text = true;
        } else if (c == '{' || c == '[') {
            if (++depth > deepest) return true;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return false;
}

}  // namespace

std::expected<Body, Fault> read_body(std::string_view text) {
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
        return Body{Json::object(), {}};
    // The library takes a NUL for the end of the text.
    if (text.find('\0') != std::string_view::npos) {
        return std::unexpected(Fault{
            "", "nul", {"the body contains a NUL character", "o corpo contém um caractere NUL"}
        });
    }
    if (too_deep(text))
        return std::unexpected(
            Fault{"", "too_deep", {"nested deeper than 64", "aninhado além de 64 níveis"}}
        );
    auto in_range = brought_into_range(text).value_or(InRange());
    if (!in_range.text.empty()) text = in_range.text;
    Reader reader(text, std::move(in_range.out_of_range));
    Json::sax_parse(text.begin(), text.end(), &reader);
    if (reader.fault) return std::unexpected(*std::move(reader.fault));
    if (!reader.root.is_object())
        return std::unexpected(Fault{
            "",
            "not_an_object",
            {"the body must be a JSON object", "o corpo deve ser um objeto JSON"}
        });
    return Body{std::move(reader.root), std::move(reader.inexact)};
}

std::expected<Json, Fault> parse_body(std::string_view text) {
    auto body = read_body(text);
    if (!body) return std::unexpected(std::move(body.error()));
    return std::move(body->json);
}

std::optional<std::string> text_member(const Json& json, const char* name) {
    const auto found = json.find(name);
    if (found == json.end() || found->is_null()) return std::nullopt;
    return found->get<std::string>();
}

std::optional<std::int64_t> integer_member(const Json& json, const char* name) {
    const auto found = json.find(name);
    if (found == json.end() || found->is_null()) return std::nullopt;
    return found->get<std::int64_t>();
}

std::optional<bool> bool_member(const Json& json, const char* name) {
    const auto found = json.find(name);
    if (found == json.end() || found->is_null()) return std::nullopt;
    return found->get<bool>();
}

JsonText json_member(const Json& json, const char* name) {
    const auto found = json.find(name);
    if (found == json.end() || found->is_null()) return {};
    return JsonText(with_shortest_numbers(found->dump()));
}

Edited<std::string> text_edit(const Json& json, const char* name) {
    const auto found = json.find(name);
    if (found == json.end()) return {};
    return found->is_null() ? Edited<std::string>::cleared() : found->get<std::string>();
}

JsonText json_edit(const Json& json, const char* name) {
    return json.contains(name) ? JsonText(with_shortest_numbers(json.at(name).dump())) : JsonText();
}

std::string escape_pointer(std::string_view name) {
    std::string escaped;
    for (const char c : name) {
        if (c == '~') {
            escaped += "~0";
        } else if (c == '/') {
            escaped += "~1";
        } else {
            escaped += c;
        }
    }
    return escaped;
}

}  // namespace vitrine::commands
