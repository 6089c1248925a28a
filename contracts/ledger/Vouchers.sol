// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITerraLuminaOwnership} from "../ITerraLuminaOwnership.sol";
import {Holdings} from "./Holdings.sol";
import {Signatures} from "./Signatures.sol";

/// @title The second key of a mint: a payment attestor's signature over the very orders.
/// @dev The key that sends mints lies on a server and pays gas; the one that signs vouchers needn't.
abstract contract Vouchers is Holdings {
    bytes32 private constant ORDER_TYPEHASH =
        keccak256("Order(bytes32 investmentId,address investor,uint56 units,uint16 unlockDay)");
    bytes32 private constant VOUCHER_TYPEHASH = keccak256(
        "MintVoucher(uint24 projectId,Order[] orders,uint40 deadline)Order(bytes32 investmentId,address investor,uint56 units,uint16 unlockDay)"
    );

    modifier onlyRole(Role role) {
        _requireRole(role);
        _;
    }

    /// @inheritdoc ITerraLuminaOwnership
    function hashOfMint(uint24 projectId, Order[] calldata orders, uint40 deadline) public view returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](orders.length);
        for (uint256 i = 0; i < orders.length; ++i) hashes[i] = _structHash(orders[i]);
        return _hashOfList(projectId, hashes, deadline);
    }

    function _hashOfOrder(uint24 projectId, Order memory order, uint40 deadline) internal view returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](1);
        hashes[0] = _structHash(order);
        return _hashOfList(projectId, hashes, deadline);
    }

    function _requireVoucher(bytes32 digest, Voucher calldata voucher) internal view {
        Signatures.requireAttestor(_store, digest, voucher);
    }

    function _requireRole(Role role) internal view {
        if (_store.roles[msg.sender] != role) revert MissingRole(msg.sender, role);
    }

    function _structHash(Order memory order) private pure returns (bytes32) {
        // Every member is a value type, so encoding the struct is encoding its members.
        return keccak256(abi.encode(ORDER_TYPEHASH, order));
    }

    function _hashOfList(uint24 projectId, bytes32[] memory hashes, uint40 deadline) private view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(abi.encode(VOUCHER_TYPEHASH, projectId, keccak256(abi.encodePacked(hashes)), deadline))
        );
    }
}
