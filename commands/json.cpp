#include "commands/json.hpp"

#include <charconv>
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

/// Makes the value of what the parser reads, and keeps numbers exactly where the library would
/// round them. Stops at the first fault.
class Reader : public nlohmann::json_sax<Json> {
public:
    Json root;
    std::vector<Fault> inexact;
    std::optional<Fault> fault;

    bool null() override { return add(nullptr); }
    bool boolean(bool value) override { return add(value); }
    bool number_unsigned(number_unsigned_t value) override { return add(value); }
    bool number_integer(number_integer_t value) override {
        return value == 0 ? add(-0.0) : add(value);
    }

    /// Also for integers beyond 64 bits.
    bool number_float(number_float_t value, const string_t& text) override {
        const bool is_whole = text.find_first_of(".eE") == std::string::npos;
        const auto number = parse_decimal(text);
        if (!is_whole && decimal_of(value) == number) return add(value);
        if (auto integer = integer_of(number)) return add(*std::move(integer));
        if (is_whole) {
            note_inexact("number_too_large", {"is beyond 64 bits", "passa de 64 bits"});
        } else {
            note_inexact(
                "number_too_precise",
                {"has more digits than a number keeps",
                 "tem mais algarismos do que um número guarda"}
            );
        }
        return add(value);
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
        return true;
    }
    bool end_object() override {
        members_.pop_back();
        return close();
    }
    bool start_array(std::size_t) override { return open(Json::array()); }
    bool end_array() override { return close(); }

    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error)
        override {
        // The library's message without its own prefix: "[json.exception.parse_error.101] parse
        // error at …: why".
        const std::string_view what = error.what();
        const auto end = what.find("] ");
        const auto why = end == std::string_view::npos ? what : what.substr(end + 2);
        if (!is_utf8(why))  // it quotes the bytes
            return stop({"", "not_json", {"is not UTF-8", "não está em UTF-8"}});
        return stop({"", "not_json", phrase("{}", "não é JSON bem formado: {}", why)});
    }

private:
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
        if (parents_.empty()) {
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

    // What holds the value that is being read, from the root on. A parent does not grow while
    // something in it is open, so that they stay where they are.
    std::vector<Json*> parents_;
    std::vector<std::unordered_set<std::string>> members_;
    std::string key_;
};

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
    Reader reader;
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
