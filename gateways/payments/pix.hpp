#pragma once

#include "core/json_text.hpp"

namespace vitrine::payments {

/// What a buyer is shown of a Pix, with its `qr_code` also as a picture: `qr_code_svg`, black on
/// white, with the quiet zone that scanners want. As it is where it has no code, or one that no QR
/// code holds.
JsonText with_picture(const JsonText& pix);

}  // namespace vitrine::payments
