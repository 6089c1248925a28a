// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedgerTypes} from "./ILedgerTypes.sol";

/// @dev The mint of one investment, in one word: investor:160 | units:56 | projectId:24 | unlockDay:16 from the low end.
/// Zero for an investment that was not minted, because no mint is of zero units. A replay is one comparison; against a
/// struct of the same layout a mint saves some 200 gas, and the ledger 100 bytes.
type ReceiptWord is uint256;

using {equals as ==, isNone, unpacked} for ReceiptWord global;

uint256 constant UNITS = 160;
uint256 constant PROJECT_ID = 216;
uint256 constant UNLOCK_DAY = 240;

function toReceipt(uint24 projectId, ILedgerTypes.Order memory order) pure returns (ReceiptWord) {
    return ReceiptWord.wrap(
        uint160(order.investor) | uint256(order.units) << UNITS | uint256(projectId) << PROJECT_ID
            | uint256(order.unlockDay) << UNLOCK_DAY
    );
}

function equals(ReceiptWord self, ReceiptWord other) pure returns (bool) {
    return ReceiptWord.unwrap(self) == ReceiptWord.unwrap(other);
}

function isNone(ReceiptWord self) pure returns (bool) {
    return ReceiptWord.unwrap(self) == 0;
}

function unpacked(ReceiptWord self) pure returns (ILedgerTypes.Receipt memory) {
    uint256 word = ReceiptWord.unwrap(self);
    return ILedgerTypes.Receipt({
        investor: address(uint160(word)),
        units: uint56(word >> UNITS),
        projectId: uint24(word >> PROJECT_ID),
        unlockDay: uint16(word >> UNLOCK_DAY)
    });
}
