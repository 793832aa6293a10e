#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sandbox/json.hpp"
#include "sandbox/random.hpp"
#include "sandbox/refusal.hpp"

namespace vitrine::sandbox {

/// What a fault does to a request.
struct FaultAction {
    enum class Kind { status, delay, drop, garbage };

    Kind kind{};
    bool effect{};  // whether the request is carried out all the same
    int status{};   // of Kind::status
    std::vector<std::pair<std::string, std::string>> headers;  // of Kind::status
    std::optional<std::string> body;    // of Kind::status; none: the platform's error body
    std::chrono::milliseconds delay{};  // of Kind::delay
};

/// The rules of POST /_sandbox/faults, in order; those of a later post come after.
class FaultRules {
public:
    explicit FaultRules(std::uint64_t seed) : seed_(seed) {}

    /// `{"rules":[…]}`, all or none. Unknown members are refused by name.
    std::expected<void, Refusal> add(const Json& input);
    void clear() { rules_.clear(); }

    /// The action of the first rule that fires. `segments`: the path below /api/v1. Rules without a
    /// path spare the calls by which a client signs in.
    std::optional<FaultAction> decide(
        std::string_view method, std::span<const std::string> segments, bool is_auth
    );

    /// `{"rules":[…]}`: what is left, each as it was given, with `times` counted down and how often
    /// it `fired`.
    std::string to_json() const;

private:
    struct Rule {
        std::string method{};                 // empty: any
        std::vector<std::string> segments{};  // empty: any but authentication
        FaultAction action{};
        std::optional<std::uint64_t> times{};
        double probability = 1;
        Random random;
        std::uint64_t fired = 0;
        std::string text{};
    };

    std::expected<Rule, Refusal> read_rule(const Json& input, std::size_t index) const;

    std::uint64_t seed_;
    std::uint64_t made_ = 0;  // each rule has random numbers of its own
    std::vector<Rule> rules_;
};

}  // namespace vitrine::sandbox
