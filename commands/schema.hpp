#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "core/fault.hpp"
#include "core/json_text.hpp"

namespace vitrine::commands {

/// A command's JSON Schema (what draft 7 and 2020-12 have in common), ready to validate.
///
/// Concurrency: one thread at a time.
class Schema {
public:
    /// Throws std::runtime_error if the text is no schema: a program error.
    explicit Schema(std::string_view json);
    Schema(Schema&&) noexcept;
    ~Schema();

    /// Every fault of a well-formed JSON text; empty: it is valid.
    std::vector<Fault> validate(const JsonText& json) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vitrine::commands
