#include "commands/json.hpp"

#include <unordered_set>
#include <vector>

namespace vitrine::commands {
namespace {

constexpr int deepest = 64;

/// Watches the parser: depth, repeated members, NUL characters. Stops keeping values at the first
/// fault.
class Watch {
public:
    bool operator()(int depth, Json::parse_event_t event, Json& parsed) {
        if (fault_) return false;
        switch (event) {
            case Json::parse_event_t::object_start:
            case Json::parse_event_t::array_start:
                if (depth >= deepest) fault_ = Fault{"", "too_deep", "nested deeper than 64"};
                if (event == Json::parse_event_t::object_start) members_.emplace_back();
                break;
            case Json::parse_event_t::object_end:
                members_.pop_back();
                break;
            case Json::parse_event_t::key:
                see_member(parsed.get_ref<const std::string&>());
                break;
            case Json::parse_event_t::value:
                see_value(parsed);
                break;
            case Json::parse_event_t::array_end:
                break;
        }
        return !fault_;
    }

    const std::optional<Fault>& fault() const { return fault_; }

private:
    void see_member(const std::string& name) {
        if (name.find('\0') != std::string::npos) {
            fault_ = Fault{"", "nul", "a member's name contains a NUL character"};
        } else if (!members_.back().insert(name).second) {
            fault_ = Fault{
                "", "repeated_member", "the member \"" + name + "\" stands twice in one object"
            };
        }
    }

    void see_value(const Json& value) {
        if (value.is_string() &&
            value.get_ref<const std::string&>().find('\0') != std::string::npos) {
            fault_ = Fault{"", "nul", "a text contains a NUL character"};
        }
    }

    std::vector<std::unordered_set<std::string>> members_;
    std::optional<Fault> fault_;
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

/// The library's message without its own prefix: "[json.exception.parse_error.101] parse error at
/// …: why".
std::string reason(const Json::exception& error) {
    const std::string_view what = error.what();
    const auto end = what.find("] ");
    return std::string(end == std::string_view::npos ? what : what.substr(end + 2));
}

}  // namespace

std::expected<Json, Fault> parse_body(std::string_view text) {
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return Json::object();
    // The library takes a NUL for the end of the text.
    if (text.find('\0') != std::string_view::npos) {
        return std::unexpected(Fault{"", "nul", "the body contains a NUL character"});
    }
    if (too_deep(text)) return std::unexpected(Fault{"", "too_deep", "nested deeper than 64"});
    try {
        Watch watch;
        auto json = Json::parse(
            text.begin(),
            text.end(),
            [&watch](int depth, Json::parse_event_t event, Json& parsed) {
                return watch(depth, event, parsed);
            }
        );
        if (watch.fault()) return std::unexpected(*watch.fault());
        if (!json.is_object())
            return std::unexpected(Fault{"", "not_an_object", "the body must be a JSON object"});
        return json;
    } catch (const Json::exception& error) {
        return std::unexpected(Fault{"", "not_json", reason(error)});
    }
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
    return JsonText(found->dump());
}

}  // namespace vitrine::commands
