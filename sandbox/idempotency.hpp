#pragma once

#include <optional>
#include <string>

#include "core/time.hpp"
#include "sandbox/call.hpp"

namespace vitrine::sandbox {

/// Answers to POSTs by their Idempotency-Key, for 24 h by the sandbox's clock, in memory. Off
/// unless asked for: the platform is not known to have it.
class IdempotencyStore {
public:
    /// The key of a call, from its header or the body's `idempotency_key`; empty: it has none.
    static std::string key_of(const Call& call);

    /// The answer given before; 409 if that was to another body; nullopt: the key is new.
    std::optional<Result> find(const Call& call, const std::string& key) const;
    void keep(const Call& call, const std::string& key, const Result& result);

private:
    struct Kept {
        std::string body;
        Result result;
        Timestamp until;
    };

    TextMap<Kept> kept_;
};

}  // namespace vitrine::sandbox
