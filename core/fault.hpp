#pragma once

#include <string>

#include "core/phrase.hpp"

namespace vitrine {

/// One thing wrong with an input. `pointer` is a JSON pointer (RFC 6901) to the faulty or missing
/// member itself.
struct Fault {
    std::string pointer;
    std::string code;  // a word for programs: "required", "max_length", …
    Phrase detail;     // for people: {"is required", "é obrigatório"}
    bool operator==(const Fault&) const = default;
};

}  // namespace vitrine
