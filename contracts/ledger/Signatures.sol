// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {ILedgerErrors} from "./ILedgerErrors.sol";
import {ILedgerTypes} from "./ILedgerTypes.sol";
import {Store} from "./Store.sol";

/// @title Whether somebody signed: owners their approvals, payment attestors vouchers. Linked, because one call answers
/// for a whole batch; an approval is rare.
library Signatures {
    /// @notice Reverts {InvalidPermit} unless `owner`, a key or an ERC-1271 contract, signed the digest.
    function requireOwner(address owner, bytes32 digest, bytes calldata signature) external view {
        if (!SignatureChecker.isValidSignatureNowCalldata(owner, digest, signature)) {
            revert ILedgerErrors.InvalidPermit(owner);
        }
    }

    /// @notice Reverts {SignatureExpired} or {InvalidVoucher} unless the voucher can be used and a payment attestor signed
    /// the digest. A high s is refused.
    function requireAttestor(Store storage store, bytes32 digest, ILedgerTypes.Voucher calldata voucher)
        external
        view
    {
        if (block.timestamp > voucher.deadline) revert ILedgerErrors.SignatureExpired(voucher.deadline);
        // Zero, which has no role, for what is no signature.
        (address signer,,) = ECDSA.tryRecoverCalldata(digest, voucher.signature);
        if (store.roles[signer] != ILedgerTypes.Role.PaymentAttestor) {
            revert ILedgerErrors.InvalidVoucher(signer);
        }
    }
}
