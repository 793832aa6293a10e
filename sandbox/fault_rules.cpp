#include "sandbox/fault_rules.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "net/http.hpp"
#include "sandbox/lookup.hpp"

namespace vitrine::sandbox {
namespace {

constexpr std::uint64_t fault_streams = 1000;
constexpr std::int64_t longest_delay_ms = 3'600'000;

using Problem = std::optional<Refusal>;

Refusal wrong(const std::string& field, const std::string& what) {
    FieldErrors errors;
    errors.push_back({field, field + ' ' + what, "invalid"});
    return bad_fields(std::move(errors));
}

Problem unknown_members(
    const Json& object, const std::string& where, std::span<const std::string_view> known
) {
    if (!object.is_object()) return wrong(where, "must be an object");
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (!contains(known, it.key())) return wrong(where + '.' + it.key(), "is not known");
    }
    return std::nullopt;
}

/// "*" is any.
bool is_segment(const std::string& of_rule, const std::string& of_request) {
    return of_rule == "*" || of_rule == of_request;
}

std::vector<std::string> segments_of(std::string_view path) {
    std::vector<std::string> segments;
    if (const auto target = net::parse_target(path)) segments = target->segments;
    while (segments.size() >= 2 && segments[0] == "api" && segments[1] == "v1") {
        segments.erase(segments.begin(), segments.begin() + 2);
    }
    return segments;
}

std::optional<std::int64_t> whole(const Json& value, std::int64_t least, std::int64_t most) {
    if (!value.is_number_integer()) return std::nullopt;
    const auto number = value.get<std::int64_t>();
    return number < least || number > most ? std::nullopt : std::optional(number);
}

Problem read_status(const Json& input, const std::string& where, FaultAction& action) {
    const auto status = whole(input.at("status"), 200, 599);
    if (!status) return wrong(where + ".status", "must be 200 to 599");
    action.kind = FaultAction::Kind::status;
    action.status = static_cast<int>(*status);
    if (const auto* body = member(input, "body")) {
        action.body = body->is_string() ? body->get<std::string>() : body->dump();
    }
    const auto* headers = member(input, "headers");
    if (!headers) return std::nullopt;
    if (!headers->is_object()) return wrong(where + ".headers", "must be an object");
    for (auto it = headers->begin(); it != headers->end(); ++it) {
        const auto& value = it.value();
        if (!value.is_string() && !value.is_number()) {
            return wrong(where + ".headers." + it.key(), "must be a string");
        }
        auto text = value.is_string() ? value.get<std::string>() : value.dump();
        if (it.key().empty() || text.find_first_of("\r\n") != std::string::npos ||
            it.key().find_first_of("\r\n: ") != std::string::npos) {
            return wrong(where + ".headers", "has what no header can be");
        }
        action.headers.emplace_back(it.key(), std::move(text));
    }
    return std::nullopt;
}

Problem read_kind(const Json& input, const std::string& where, FaultAction& action) {
    if (input.contains("status")) return read_status(input, where, action);
    if (input.contains("delay_ms")) {
        const auto delay = whole(input.at("delay_ms"), 0, longest_delay_ms);
        if (!delay) return wrong(where + ".delay_ms", "must be 0 to 3600000");
        action.kind = FaultAction::Kind::delay;
        action.delay = std::chrono::milliseconds(*delay);
        action.effect = true;
        return std::nullopt;
    }
    if (input.contains("drop")) {
        const auto when = text_of(input, "drop");
        if (when != "before" && when != "after") {
            return wrong(where + ".drop", "must be \"before\" or \"after\"");
        }
        action.kind = FaultAction::Kind::drop;
        action.effect = when == "after";
        return std::nullopt;
    }
    if (input.at("garbage") != true) return wrong(where + ".garbage", "must be true");
    action.kind = FaultAction::Kind::garbage;
    action.effect = true;
    return std::nullopt;
}

Problem read_action(const Json& input, const std::string& where, FaultAction& action) {
    constexpr std::array<std::string_view, 7> known{
        "status", "headers", "body", "delay_ms", "drop", "garbage", "effect"
    };
    if (auto problem = unknown_members(input, where, known)) return problem;
    constexpr std::array kind_names{"status", "delay_ms", "drop", "garbage"};
    const auto kinds =
        std::ranges::count_if(kind_names, [&](const char* name) { return input.contains(name); });
    if (kinds != 1) return wrong(where, "must have one of status, delay_ms, drop, garbage");
    if (auto problem = read_kind(input, where, action)) return problem;
    using Kind = FaultAction::Kind;
    if (action.kind != Kind::status && (input.contains("headers") || input.contains("body"))) {
        return wrong(where, "has headers or body without status");
    }
    const auto* effect = member(input, "effect");
    if (!effect) return std::nullopt;
    const bool may_override = action.kind == Kind::status || action.kind == Kind::garbage;
    if (!effect->is_boolean() || !may_override) {
        return wrong(where + ".effect", "must be true or false, beside status or garbage");
    }
    action.effect = effect->get<bool>();
    return std::nullopt;
}

}  // namespace

std::expected<FaultRules::Rule, Refusal> FaultRules::read_rule(const Json& input, std::size_t index)
    const {
    const auto where = "rules." + std::to_string(index);
    constexpr std::array<std::string_view, 5> known{
        "method", "path", "action", "times", "probability"
    };
    if (auto problem = unknown_members(input, where, known)) {
        return std::unexpected(*std::move(problem));
    }
    Rule rule{.random = Random(seed_, fault_streams + made_ + index), .text = input.dump()};
    if (const auto* method = member(input, "method")) {
        if (!method->is_string()) return std::unexpected(wrong(where + ".method", "is no method"));
        rule.method = method->get<std::string>();
        std::ranges::transform(rule.method, rule.method.begin(), [](char c) {
            return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        });
        if (rule.method == "*") rule.method.clear();
    }
    if (const auto* path = member(input, "path")) {
        if (!path->is_string() || !path->get_ref<const std::string&>().starts_with('/')) {
            return std::unexpected(wrong(where + ".path", "must begin with /"));
        }
        rule.segments = segments_of(path->get_ref<const std::string&>());
    }
    if (!input.contains("action")) return std::unexpected(wrong(where + ".action", "is required"));
    if (auto problem = read_action(input.at("action"), where + ".action", rule.action)) {
        return std::unexpected(*std::move(problem));
    }
    if (const auto* times = member(input, "times")) {
        const auto count = whole(*times, 1, 1'000'000'000);
        if (!count) return std::unexpected(wrong(where + ".times", "must be 1 or more"));
        rule.times = static_cast<std::uint64_t>(*count);
    }
    if (const auto* probability = member(input, "probability")) {
        if (!probability->is_number() || probability->get<double>() < 0 ||
            probability->get<double>() > 1) {
            return std::unexpected(wrong(where + ".probability", "must be 0 to 1"));
        }
        rule.probability = probability->get<double>();
    }
    return rule;
}

std::expected<void, Refusal> FaultRules::add(const Json& input) {
    constexpr std::array<std::string_view, 1> known{"rules"};
    if (auto problem = unknown_members(input, "body", known)) {
        return std::unexpected(*std::move(problem));
    }
    const auto* rules = member(input, "rules");
    if (!rules || !rules->is_array()) return std::unexpected(wrong("rules", "must be an array"));
    std::vector<Rule> read;
    for (std::size_t i = 0; i < rules->size(); ++i) {
        auto rule = read_rule((*rules)[i], i);
        if (!rule) return std::unexpected(rule.error());
        read.push_back(*std::move(rule));
    }
    made_ += read.size();
    rules_.insert(
        rules_.end(), std::make_move_iterator(read.begin()), std::make_move_iterator(read.end())
    );
    return {};
}

std::optional<FaultAction> FaultRules::decide(
    std::string_view method, std::span<const std::string> segments, bool is_auth
) {
    for (auto rule = rules_.begin(); rule != rules_.end(); ++rule) {
        if (!rule->method.empty() && rule->method != method) continue;
        if (rule->segments.empty() && is_auth) continue;
        const auto& prefix = rule->segments;
        if (prefix.size() > segments.size() ||
            !std::ranges::equal(prefix, segments.first(prefix.size()), is_segment)) {
            continue;
        }
        if (rule->probability < 1 && rule->random.fraction() >= rule->probability) continue;
        ++rule->fired;
        auto action = rule->action;
        if (rule->times && rule->fired == *rule->times) rules_.erase(rule);
        return action;
    }
    return std::nullopt;
}

std::string FaultRules::to_json() const {
    auto list = Json::array();
    for (const auto& rule : rules_) {
        auto shown = Json::parse(rule.text);
        if (rule.times) shown["times"] = *rule.times - rule.fired;
        shown["fired"] = rule.fired;
        list.push_back(std::move(shown));
    }
    return Json::object({{"rules", std::move(list)}}).dump();
}

}  // namespace vitrine::sandbox
