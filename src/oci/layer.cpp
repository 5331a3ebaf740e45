#include "layer.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <cstdint>

namespace referee::oci {
namespace {

constexpr std::size_t kTarBlock = 512;
constexpr std::size_t kStoredBlock = 65535;       // RFC 1951, section 3.2.4
constexpr std::size_t kZstdBlock = 128UL * 1024;  // RFC 8878, section 3.1.1.2.4

void append_little_endian(std::string& out, std::uint64_t value, int count) {
  for (int i = 0; i < count; ++i) out.push_back(static_cast<char>((value >> (8U * static_cast<unsigned>(i))) & 0xffU));
}

void place(std::string& header, std::size_t offset, std::string_view value) {
  header.replace(offset, value.size(), value);
}

std::string tar_header(std::string_view path, std::size_t size) {
  std::string header(kTarBlock, '\0');
  place(header, 0, path.substr(0, 100));
  place(header, 100, "0000644");
  place(header, 108, "0000000");
  place(header, 116, "0000000");
  place(header, 124, fmt::format("{:011o}", size));
  place(header, 136, "00000000000");
  place(header, 148, "        ");  // the checksum counts as spaces
  header[156] = '0';
  place(header, 257, "ustar");
  place(header, 263, "00");
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  place(header, 148, fmt::format("{:06o}", sum));
  header[154] = '\0';
  return header;
}

std::string gzip_of(std::string_view bytes) {
  // Deflate, no flags, time 0, no hint, unknown operating system.
  std::string out("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff", 10);
  out.reserve(bytes.size() + bytes.size() / kStoredBlock * 5 + 32);
  std::size_t offset = 0;
  do {
    const std::string_view block = bytes.substr(offset, kStoredBlock);
    offset += block.size();
    out.push_back(offset == bytes.size() ? '\x01' : '\x00');
    append_little_endian(out, block.size(), 2);
    append_little_endian(out, ~block.size(), 2);
    out += block;
  } while (offset < bytes.size());
  uLong crc = crc32(0, nullptr, 0);
  for (std::size_t at = 0; at < bytes.size(); at += kStoredBlock) {
    const std::string_view part = bytes.substr(at, kStoredBlock);
    crc = crc32(crc, reinterpret_cast<const Bytef*>(part.data()), static_cast<uInt>(part.size()));
  }
  append_little_endian(out, crc, 4);
  append_little_endian(out, bytes.size(), 4);
  return out;
}

std::string zstd_of(std::string_view bytes) {
  std::string out("\x28\xb5\x2f\xfd\xe0", 5);  // magic; one segment with its size in 8 bytes
  append_little_endian(out, bytes.size(), 8);
  std::size_t offset = 0;
  do {
    const std::string_view block = bytes.substr(offset, kZstdBlock);
    offset += block.size();
    const bool last = offset == bytes.size();
    append_little_endian(out, (block.size() << 3U) | (last ? 1U : 0U), 3);
    out += block;
  } while (offset < bytes.size());
  return out;
}

}  // namespace

std::string tar_of(std::string_view path, std::string_view bytes) {
  std::string tar = tar_header(path, bytes.size());
  tar += bytes;
  tar.append((kTarBlock - bytes.size() % kTarBlock) % kTarBlock, '\0');
  tar.append(2 * kTarBlock, '\0');
  return tar;
}

std::string packed(std::string_view media_type, std::string tar) {
  if (media_type.ends_with("gzip")) return gzip_of(tar);
  if (media_type.ends_with("zstd")) return zstd_of(tar);
  return tar;
}

}  // namespace referee::oci
