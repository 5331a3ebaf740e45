#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Words of a submission's texts, whatever was judged.
namespace referee::certificate {

/// A text that Markdown takes as it is, in one line.
std::string plain(std::string_view text);

/// Under a title, if there are any.
template <class Lines>
void list_lines(std::string& text, std::string_view title, const Lines& lines) {
  if (lines.empty()) return;
  text += "\n" + std::string(title) + "\n\n";
  for (const auto& line : lines) text += "- " + plain(line) + "\n";
}

/// The README's section on how to check it; `judges`: what verify-certificate does beside the signature.
std::string verify_lines(std::string_view judges);

}  // namespace referee::certificate
