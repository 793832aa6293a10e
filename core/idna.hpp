#pragma once

#include <unicode/idna.h>

// For the .cpp files of this folder.
namespace vitrine {

/// UTS #46 by the rules of host names, not transitional.
const icu::IDNA& idna();

}  // namespace vitrine
