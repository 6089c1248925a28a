// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {TerraLuminaOwnership} from "../TerraLuminaOwnership.sol";
import {TerraLuminaSale} from "../TerraLuminaSale.sol";
import {TestUsdc} from "../TestUsdc.sol";
import {ILedgerTypes} from "../ledger/ILedgerTypes.sol";
import {ISaleTypes} from "../sale/ISaleTypes.sol";
import {LogBook} from "./told/LogBook.sol";
import {vm} from "./Vm.sol";

/// @dev What tests of the sale act with: five buyers and the attestor's key.
abstract contract SaleActors {
    uint24 public constant FIRST = 1;
    uint24 public constant SECOND = 2;
    uint56 public constant CAP = 1_000_000;
    address public constant TREASURY = address(0x7EA5);
    address public constant MINTER = address(0x1005);
    uint256 internal constant ATTESTOR_KEY = 0xA77E57;

    TerraLuminaOwnership public ledger;
    TerraLuminaSale public sale;
    TestUsdc public currency;
    /// @dev What the events so far say.
    LogBook public book;

    /// @dev Needs the registrar's role.
    function setEligible(address buyer, bool eligible) internal {
        ledger.setAccount(
            buyer,
            ILedgerTypes.Account(eligible ? 3 : 0, type(uint40).max, 276, 0, uint64(uint160(buyer)))
        );
    }

    function termsOf(uint96 price, uint56 target, uint56 hardCap) internal view returns (ISaleTypes.SaleTerms memory) {
        return ISaleTypes.SaleTerms({
            currency: address(currency),
            pricePerUnit: price,
            targetUnits: target,
            hardCapUnits: hardCap,
            maxFiatUnits: hardCap / 2,
            maxUnitsPerInvestor: 0,
            unlockDays: 365,
            opensAt: uint40(timeNow()),
            closesAt: uint40(timeNow()) + 60 days,
            coolingOffSeconds: 4 days
        });
    }

    function buyerAt(uint256 seed) public pure returns (address) {
        return address(uint160(0xB0B000 + seed % 5));
    }

    function timeNow() internal view returns (uint256) {
        return vm.getBlockTimestamp();
    }

    function signed(bytes32 hash) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(ATTESTOR_KEY, hash);
        return abi.encodePacked(r, s, v);
    }

    /// @dev Needs both keys. Without end, and without a lock-up.
    function mintByVoucher(uint24 projectId, bytes32 investmentId, address investor, uint56 units) internal returns (bool) {
        ILedgerTypes.Order[] memory orders = new ILedgerTypes.Order[](1);
        orders[0] = ILedgerTypes.Order(investmentId, investor, units, 0);
        bytes memory signature = signed(ledger.hashOfMint(projectId, orders, type(uint40).max));
        ILedgerTypes.Voucher memory voucher = ILedgerTypes.Voucher(type(uint40).max, signature);
        vm.prank(MINTER);
        return ledger.mintInvestments(projectId, orders, voucher) == 1;
    }

    /// @dev Attested without end.
    function attestedCommitment(uint24 projectId, bytes32 investmentId, address buyer, uint56 units)
        internal
        view
        returns (bytes memory)
    {
        return signed(sale.hashOfFiatCommitment(projectId, investmentId, buyer, units, type(uint40).max));
    }
}

/// @dev Everything deployed, this contract its administrator and registrar; two drafts, five eligible buyers.
abstract contract SaleWorld is SaleActors {
    AccessManager internal manager;

    constructor() {
        vm.recordLogs();
        book = new LogBook();
        manager = new AccessManager(address(this));
        ledger = new TerraLuminaOwnership(address(manager), address(0), 30 days);
        sale = new TerraLuminaSale(address(manager), address(0), ledger, 21 days);
        book.follow(address(ledger));
        book.follow(address(sale));
        currency = new TestUsdc();
        ledger.setRole(address(this), ILedgerTypes.Role.Registrar);
        ledger.setRole(address(sale), ILedgerTypes.Role.Sale);
        ledger.setRole(MINTER, ILedgerTypes.Role.Minter);
        ledger.setRole(vm.addr(ATTESTOR_KEY), ILedgerTypes.Role.PaymentAttestor);
        for (uint256 i = 0; i < 5; ++i) setEligible(buyerAt(i), true);
        _createProject(FIRST);
        _createProject(SECOND);
        book.read();
    }

    function _createProject(uint24 projectId) private {
        ledger.createProject(
            projectId,
            ILedgerTypes.ProjectTerms({
                cap: CAP,
                maxHolders: 0,
                maxHolderBps: 0,
                lockDays: 365,
                dailyMintCap: CAP,
                payoutToken: address(currency),
                treasury: TREASURY,
                exitTargetPerUnit: 0,
                buyOutPerUnit: 0,
                metadataHash: bytes32(uint256(1)),
                uri: "ipfs://x"
            })
        );
    }
}
