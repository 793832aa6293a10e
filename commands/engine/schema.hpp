#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "commands/json_fwd.hpp"
#include "core/fault.hpp"

namespace vitrine::commands {

/// A command's JSON Schema (what draft 7 and 2020-12 have in common), ready to validate. Texts are
/// measured and matched by code points; an integer is a number without a fraction, also when it is
/// written as 100.0 or 1e2.
///
/// Concurrency: any thread.
class Schema {
public:
    /// Throws std::runtime_error if the text is no schema, or has a keyword that is not known here:
    /// a program error.
    explicit Schema(std::string_view json);
    Schema(Schema&&) noexcept;
    ~Schema();

    /// Every fault of a body; empty: it is valid.
    std::vector<Fault> validate(const Json& body) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vitrine::commands
