#include "problem.hpp"

namespace referee::registry {

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(byte < 0x20 || byte >= 0x7F ? '?' : c);
  }
  out.push_back('"');
}

Response problem(int status, std::string_view error_code, std::string_view message) {
  static constexpr std::size_t kLongest = 512;
  Response response;
  response.status = status;
  response.headers.add("Content-Type", "application/json");
  response.body = R"({"errors":[{"code":")";
  response.body += error_code;
  response.body += R"(","message":)";
  append_json_string(response.body, message.substr(0, kLongest));
  response.body += "}]}\n";
  return response;
}

Response storage_full() {
  return problem(507, code::kDenied, "the store is full");
}

}  // namespace referee::registry
