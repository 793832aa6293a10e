#pragma once

#include <string>

#include "core/ids.hpp"
#include "core/json_text.hpp"

// What we write into `metadata.vitrine` on the platform, so that a look-up there knows our own
// again.
namespace vitrine::clubify {

struct Imprint {
    CommandId command_id;  // of the command that created it
    std::string entity;    // "offer", "product"
    std::string entity_id;
    std::string type;         // ours, where the platform has no word for it; empty: none
    std::string edited_by;    // of the command that edits it; empty: none
    JsonText tenant_context;  // {"domain","branding","locale"}; empty: not told
};

/// The user's metadata (may be empty) with ours.
JsonText marked(const JsonText& metadata, const Imprint& mark);

}  // namespace vitrine::clubify
